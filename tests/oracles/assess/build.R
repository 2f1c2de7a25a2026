# R's answers for tests/assess: pROC, rms, riskRegression, survival. Run in this folder: Rscript build.R
suppressPackageStartupMessages({library(pROC); library(survival); library(riskRegression); library(prodlim); library(rms); library(jsonlite)})
d <- read.csv("patients.csv")
num <- function(x) signif(as.numeric(x), 17)
out <- list(R = R.version.string, packages = sapply(c("pROC","survival","riskRegression","prodlim","rms"), function(p) as.character(packageVersion(p))))
r1 <- roc(d$y, d$s1, quiet = TRUE, direction = "<"); r2 <- roc(d$y, d$s2, quiet = TRUE, direction = "<")
t <- roc.test(r1, r2, paired = TRUE, method = "delong")
out$auc <- list(auc1 = num(auc(r1)), auc2 = num(auc(r2)), var1 = num(var(r1)), p = num(t$p.value), z = num(t$statistic))
v <- val.prob(d$p, d$y, pl = FALSE)
out$binary <- list(brier = num(v["Brier"]), intercept = num(v["Intercept"]), slope = num(v["Slope"]))
g <- glm(y ~ offset(qlogis(p)), binomial, d); h <- glm(y ~ qlogis(p), binomial, d, control = list(epsilon = 1e-14))
out$glm <- list(large = num(coef(g)), large_se = num(sqrt(vcov(g))), slope_se = num(sqrt(vcov(h)[2,2])))
at <- 2.005
sc <- function(f, cause) {
  x <- Score(list(m1 = d$r1, m2 = d$r2), formula = f, data = d, times = at, cause = cause, conf.int = TRUE,
             metrics = c("auc", "brier"), null.model = FALSE, conservative = FALSE)
  list(auc = num(x$AUC$score$AUC), auc_se = num(x$AUC$score$se), brier = num(x$Brier$score$Brier), brier_se = num(x$Brier$score$se),
       auc_delta = num(x$AUC$contrasts$delta.AUC), auc_delta_se = num(x$AUC$contrasts$se))
}
d$any <- as.integer(d$status > 0)
out$at <- at
out$survival <- sc(Surv(time, any) ~ 1, 1)
out$competing <- sc(Hist(time, status) ~ 1, 1)
c2 <- concordance(coxph(Surv(time, any) ~ r1, d), coxph(Surv(time, any) ~ r2, d))
out$concordance <- list(estimate = num(c2$concordance), var = num(vcov(c2)))
d2 <- d; d2$time[d2$status == 2] <- 1e6
c3 <- concordance(Surv(time, status == 1) ~ r1, d2, reverse = TRUE)
out$wolbers <- list(estimate = num(c3$concordance), se = num(sqrt(vcov(c3))))
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "answers.json")
