# Gray's test on small awkward samples: Rscript gray.R (in this folder)
# R 4.2.2, cmprsk 2.2-11. A statistic of -1 is cmprsk's word for a singular variance; "error" where it stopped.
suppressPackageStartupMessages({library(cmprsk); library(jsonlite)})
set.seed(2026); cases <- list()
for (i in 1:60) {
  n <- sample(8:60, 1); groups <- sample(2:5, 1); strata <- sample(1:3, 1)
  time <- if (i %% 2) ceiling(rexp(n) * 6) - (i %% 4 == 1) else round(rexp(n), 3)   # ties, some at time 0; or hardly any
  g <- sample(LETTERS[1:groups], n, TRUE); s <- sample(paste0("s", 1:strata), n, TRUE)
  cause <- sample(0:2, n, TRUE, prob=c(c(.4, .1, 0)[1 + i %% 3], .5, c(.3, .1, 0)[1 + (i %/% 3) %% 3]))
  if (i %% 5 == 0) { early <- g == "A"; time[early] <- pmin(time[early], quantile(time, .3)); cause[early] <- 1 }  # A dies out early
  rho <- c(0, 1, -.5, 2)[1 + i %% 4]
  if (!any(cause == 1) || length(unique(g)) < 2) next
  test <- function(...) tryCatch({z <- cuminc(...)$Tests["1", ]; c(unname(z["stat"]), unname(z["df"]))}, error=function(e) "error")
  cases[[length(cases) + 1]] <- list(time=time, cause=cause, group=g, stratum=s, rho=rho,
                                     plain=test(time, cause, g, rho=rho), strata=test(time, cause, g, strata=s, rho=rho))
}
writeLines(toJSON(list(software="R 4.2.2, cmprsk 2.2-11", cases=cases), digits=I(15), auto_unbox=TRUE, na="string"), "gray.json")
