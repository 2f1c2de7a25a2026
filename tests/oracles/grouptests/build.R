# Robust log-rank family as score tests: Rscript build.R (in this folder)
# R 4.2.2, survival 3.5-3. Each row is split at the event times of its stratum, and the indicator of a group is
# multiplied by the weight function there, so that the score of coxph is the weighted log-rank score.
suppressPackageStartupMessages({library(survival); library(jsonlite)})
weight_functions <- list(logrank=function(S, N) 1, fh10=function(S, N) S, fh01=function(S, N) 1 - S,
                         fh_half=function(S, N) sqrt(S * (1 - S)), gehan=function(S, N) N, tarone=function(S, N) sqrt(N))
split_rows <- function(d, W) do.call(rbind, lapply(split(d, d$block), function(q) {
  tt <- sort(unique(q$time[q$event])); S <- 1; out <- list(); before <- min(c(q$entry, q$time)) - 1
  for (t in tt) {
    r <- q[q$entry < t & q$time >= t, ]
    N <- sum(r$weight); D <- sum(r$weight[r$event & r$time == t])
    r$W <- W(S, N); r$start <- before; r$stop <- t; r$status <- r$event & r$time == t
    out[[length(out) + 1]] <- r; S <- S * (1 - D / N); before <- t
  }
  do.call(rbind, out)
}))
score <- function(d, W, clustered) {
  x <- split_rows(d, W); levels <- sort(unique(d$group))
  X <- sapply(levels[-1], function(g) x$W * (x$group == g))
  f <- coxph(Surv(x$start, x$stop, x$status) ~ X + strata(x$block), weights=x$weight,
             cluster=if (clustered) x$cluster else x$id, ties="breslow", control=coxph.control(iter.max=0))
  as.numeric(f$rscore)
}
answer <- list(software=paste("R 4.2.2, survival", packageVersion("survival")))
for (case in c("ties12", "heavy4", "entry12", "entry_months", "zero_and_last")) {
  d <- read.csv(file.path("../nonparametric", paste0(case, ".csv"))); d$id <- seq_len(nrow(d))
  if (all(d$entry == 0)) d$entry <- -1
  for (stratified in c(FALSE, TRUE)) for (what in c("any", "cause1")) {
    d$event <- if (what == "any") d$cause > 0 else d$cause == 1
    d$block <- if (stratified) d$stratum else "all"
    for (w in names(weight_functions)) for (clustered in c(FALSE, TRUE)) {
      key <- paste(if (stratified) "strata" else "plain", what, w, if (clustered) "cluster" else "rows", sep="_")
      answer[[case]][[key]] <- score(d, weight_functions[[w]], clustered)
    }
  }
}
writeLines(toJSON(answer, digits=I(15), auto_unbox=TRUE, pretty=TRUE), "robust.json")
