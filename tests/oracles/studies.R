# The reference numbers of tests/test_studies.py: REMISSION_DATA=folder Rscript studies.R
# R 4.2.2, survival 3.5-3, cmprsk 2.2-11. Data of others; see the study files for what each file is.
suppressMessages({library(survival); library(cmprsk)})
D <- Sys.getenv("REMISSION_DATA"); rd <- function(f) read.csv(file.path(D, f), na.strings=c("NA","?"))
show <- function(name, x) cat(name, paste(formatC(x, digits=16, format="g"), collapse=" "), "\n")
km <- function(time, event, at, entry=NULL) {
  fit <- if (is.null(entry)) survfit(Surv(time, event) ~ 1, conf.type="log-log") else survfit(Surv(entry, time, event) ~ 1, conf.type="log-log")
  s <- summary(fit, times=at); c(s$surv, s$std.err, s$lower, s$upper) }
lr <- function(time, event, group, stratum=NULL) {
  d <- if (is.null(stratum)) survdiff(Surv(time, event) ~ group) else survdiff(Surv(time, event) ~ group + strata(stratum))
  c(d$chisq, pchisq(d$chisq, length(unique(group)) - 1, lower.tail=FALSE)) }
cif <- function(time, status, at) { fit <- cuminc(time, status); p <- timepoints(fit, at); c(p$est, sqrt(p$var)) }   # by cause
gray <- function(time, status, group) { fit <- cuminc(time, status, group); c(t(fit$Tests[, c("stat", "pv")])) }
m <- 30.4

d <- rd("cibmtr/CK1901.csv"); day <- round(d$intxsurv * m)
show("CK os 4y", km(day, d$dead, 48 * m)); show("CK os conditioning", lr(day, d$dead, d$condintmod)); show("CK os over 60", lr(day, d$dead, d$age > 60))
k <- !is.na(d$intxrel) & !is.na(d$trm) & !is.na(d$rel); q <- d[k, ]; rday <- round(q$intxrel * m); st <- ifelse(q$rel == 1, 1, ifelse(q$trm == 1, 2, 0))
show("CK n rel", nrow(q)); show("CK dfs 4y", km(rday, q$dfs, 48 * m)); show("CK relapse trm 4y", cif(rday, st, 48 * m)); show("CK gray conditioning", gray(rday, st, q$condintmod))
g <- d$d100agvhd24; l <- day > 100 & g %in% c(0, 1); show("CK landmark agvhd", c(sum(day > 100), sum(l), lr(day[l] - 100, d$dead[l], g[l])))

d <- rd("cibmtr/LK1901.csv"); day <- round(d$intxsurv * m); show("LK os 5y", km(day, d$dead, 60 * m))
q <- d[d$rel != 99 & !is.na(d$intxrel), ]; rday <- round(q$intxrel * m); st <- ifelse(q$rel == 1, 1, ifelse(q$trm == 1, 2, 0))
show("LK dfs 5y", km(rday, q$dfs, 60 * m)); show("LK relapse nrm 5y", cif(rday, st, 60 * m)); show("LK os over 60", lr(day, d$dead, d$age > 60))

d <- rd("transplant/bmt.csv"); st <- ifelse(d$relapse == 1, 1, ifelse(d$relapse_or_death == 1, 2, 0))
show("bmt os 2y", km(d$os_days, d$death, 730)); show("bmt os group", lr(d$os_days, d$death, d$disease_group)); show("bmt dfs group", lr(d$rfs_days, d$relapse_or_death, d$disease_group))
show("bmt dfs group in hospital", lr(d$rfs_days, d$relapse_or_death, d$disease_group, d$hospital)); show("bmt relapse nrm 2y", cif(d$rfs_days, st, 730)); show("bmt gray group", gray(d$rfs_days, st, d$disease_group))
l <- d$rfs_days > 100; a <- (d$acute_gvhd == 1 & d$acute_gvhd_days <= 100)[l]; show("bmt landmark dfs agvhd", c(sum(l), sum(a), lr(d$rfs_days[l] - 100, d$relapse_or_death[l], a)))

d <- rd("transplant/bmtcrr.csv"); show("bmtcrr relapse trm 24m", cif(d$months, d$status, 24)); show("bmtcrr gray disease", gray(d$months, d$status, d$disease)); show("bmtcrr gray phase", gray(d$months, d$status, d$phase))
show("bmtcrr efs 24m", km(d$months, d$status > 0, 24)); show("bmtcrr efs phase in disease", lr(d$months, d$status > 0, d$phase, d$disease))

d <- rd("transplant/bone_marrow_children.csv"); show("children os 3y", km(d$survival_time, d$survival_status, 3 * 365.25)); show("children os age", lr(d$survival_time, d$survival_status, d$Recipientage < 10))
e <- d$aGvHDIIIIV == 0; t <- ifelse(e, d$time_to_aGvHD_III_IV, d$survival_time); s <- ifelse(e, 1, ifelse(d$survival_status == 1, 2, 0)); s[t > 100] <- 0; t <- pmin(t, 100)
show("children gvhd 100d", c(cif(t, s, 100))); show("children gray source", gray(t, s, d$Stemcellsource))
l <- d$survival_time > 100; show("children landmark gvhd", c(sum(l), sum(e[l]), lr(d$survival_time[l] - 100, d$survival_status[l], e[l])))

d <- rd("cibmtr/HS1802.csv"); day <- round(d$intxsurv * m); en <- rep(12 * m, nrow(d)); show("HS os 5y", km(day, d$dead, 60 * m, en)); show("HS os race", lr(day, d$dead, d$racegp))
rday <- round(d$intxrel * m); st <- ifelse(d$rel == 1, 1, ifelse(d$trm == 1, 2, 0)); show("HS relapse nrm 5y", cif(rday, st, 60 * m)); show("HS cause-specific race", c(lr(rday, st == 1, d$racegp), lr(rday, st == 2, d$racegp)))  # Gray's test needs a common start

d <- rd("cibmtr/RT1802.csv"); q <- d[!is.na(d$intxsurv), ]; day <- round(q$intxsurv * m); show("RT os 2y", km(day, q$dead, 24 * m)); show("RT os bmi", lr(day, q$dead, q$bmi_maingp))
q <- d[d$rel != 99 & !is.na(d$intxrel) & !(!is.na(d$intxsurv) & d$intxrel > d$intxsurv + 1e-9), ]; rday <- round(q$intxrel * m); st <- ifelse(q$rel == 1, 1, ifelse(q$trm == 1, 2, 0))
show("RT n rel", nrow(q)); show("RT pfs 2y", km(rday, q$dfs, 24 * m)); show("RT relapse nrm 2y", cif(rday, st, 24 * m)); show("RT gray bmi", gray(rday, st, q$bmi_maingp))

d <- rd("signature/tall_aall0434/clinical.csv"); k <- d[!is.na(d$efs.time) & !is.na(d$efs.censor), ]; day <- k$efs.time * 365.25; o <- d[!is.na(d$os.time) & !is.na(d$os.censor), ]
show("tall efs 5y", km(k$efs.time, k$efs.censor, 5)); show("tall os 5y", km(o$os.time, o$os.censor, 5))
g <- cut(k$MRD29, c(-1, 0, 0.0999999, 1000), labels=c("0", "low", "high")); l <- day > 29 + 1e-6; show("tall landmark efs mrd", c(sum(l), lr(day[l], k$efs.censor[l], g[l])))
f <- coxph(Surv(day, efs.censor) ~ g + I(Age_Days / 365.25) + I(WBC >= 100) + Sex, k, subset=l, ties="efron"); show("tall cox log ratios", coef(f))
for (t in c(0.01, 0.1, 1)) show(paste("tall mrd from", t), c(sum(d$MRD29 >= t), nrow(d), binom.test(sum(d$MRD29 >= t), nrow(d))$conf.int))

d <- rd("cibmtr/HS1502.csv"); day <- round(d$intxsurv * m); ages <- function(x) cut(x, c(-1, 2, 10, 99), right=FALSE)
show("HS15 os 5y", km(day, d$dead, 60 * m)); show("HS15 os age", lr(day, d$dead, ages(d$age)))
q <- d[d$rel != 99 & !is.na(d$intxrel), ]; rday <- round(q$intxrel * m); st <- ifelse(q$rel == 1, 1, ifelse(q$trm == 1, 2, 0))
show("HS15 dfs 5y", km(rday, q$dfs, 60 * m)); show("HS15 relapse nrm 5y", cif(rday, st, 60 * m)); show("HS15 gray age", gray(rday, st, ages(q$age)))
late <- d$yeartx > 2008; end <- min(max(day[late]), max(day[!late]))
show("HS15 era end", end); show("HS15 os era", lr(pmin(day, end), ifelse(day > end, 0, d$dead), late))

d <- rd("cibmtr/RT1802.csv"); d <- d[!is.na(d$intxsurv) & d$hctcigp %in% 0:5 & d$drigp %in% 1:4, ]; day <- round(d$intxsurv * m)
both <- concordance(coxph(Surv(day, dead) ~ hctcigp, d), coxph(Surv(day, dead) ~ drigp, d)); v <- c(-1, 1)
show("RT C", c(nrow(d), sum(d$dead), coef(both), sqrt(diag(vcov(both))), v %*% coef(both), sqrt(v %*% vcov(both) %*% v)))
show("RT lr", c(lr(day, d$dead, d$hctcigp), lr(day, d$dead, d$drigp)))

# Platelet recovery of bmt in the place of a transplant: naive, time-dependent, landmark, adjusted for waiting time.
d <- rd("transplant/bmt.csv"); d$g <- factor(d$disease_group, levels=c("ALL", "AML low risk", "AML high risk")); d$i <- seq_len(nrow(d))
d$s <- ifelse(d$platelet_recovery == 1 & d$platelet_recovery_days < d$rfs_days, d$platelet_recovery_days, NA); d$ever <- !is.na(d$s); w <- median(d$s, na.rm=TRUE)
td <- tmerge(d, d, id=i, ev=event(rfs_days, relapse_or_death), p=tdc(s)); first <- function(f) summary(f)$coefficients[1, c(1, 3)]
show("bmt platelets naive", first(coxph(Surv(rfs_days, relapse_or_death) ~ ever, d))); show("bmt platelets moving", first(coxph(Surv(tstart, tstop, ev) ~ p, td)))
show("bmt platelets moving adjusted", first(coxph(Surv(tstart, tstop, ev) ~ p + g + recipient_age + fab_4_5, td)))
l <- d[d$rfs_days > 30, ]; l$y <- l$ever & l$s <= 30; show("bmt platelets landmark 30", first(coxph(Surv(rfs_days, relapse_or_death) ~ y, l)))
q <- d[d$ever | d$rfs_days > w, ]; q$from <- ifelse(q$ever, q$s, w); show("bmt platelets waiting", first(coxph(Surv(from, rfs_days, relapse_or_death) ~ ever, q)))
one <- coxph(Surv(tstart, tstop, ev) ~ p + recipient_age + fab_4_5 + strata(g), td); each <- update(one, . ~ . + p:g)
show("bmt platelets interaction, own baselines", 2 * (each$loglik[2] - one$loglik[2]))
