# Worker: runs one job of R per line of input and answers with seconds. Rscript worker.R <data folder>
# Reading the data and building the data frame is not timed.
have <- function(package) requireNamespace(package, quietly = TRUE)
for (package in c("survival", "cmprsk", "prodlim", "fastcmprsk"))
  if (have(package)) suppressPackageStartupMessages(library(package, character.only = TRUE))

folder <- commandArgs(TRUE)[1]
path <- function(name) file.path(folder, name)
n <- file.size(path("cause.i32")) / 4
numbers <- function(name, count = n) readBin(path(name), "double", count)
cause <- readBin(path("cause.i32"), "integer", n)
group <- readBin(path("group.i32"), "integer", n)
covariates <- NULL

frame <- function(times, with_covariates) {
  d <- data.frame(time = numbers(paste0(times, ".f64")), cause = cause, group = group, failed = as.integer(cause > 0))
  if (!with_covariates) return(d)
  if (is.null(covariates)) {
    p <- file.size(path("x.f64")) / 8 / n
    covariates <<- matrix(numbers("x.f64", n * p), n, p, byrow = TRUE, dimnames = list(NULL, paste0("x", seq_len(p))))
  }
  cbind(d, covariates)
}
model <- function() as.formula(paste("Surv(time, cause == 1) ~", paste(colnames(covariates), collapse = "+")))

# name = list(package, whether covariates are needed, job, what to prepare untimed)
jobs <- list(
  survfit_km = list("survival", FALSE, function(d, ready) survfit(Surv(time, failed) ~ group, d)),
  prodlim_km = list("prodlim", FALSE, function(d, ready) prodlim(Hist(time, failed) ~ group, d)),
  survdiff = list("survival", FALSE, function(d, ready) survdiff(Surv(time, failed) ~ group, d)),
  survfit_aj = list("survival", FALSE, function(d, ready) survfit(Surv(time, factor(cause)) ~ group, d)),
  cuminc = list("cmprsk", FALSE, function(d, ready) cuminc(d$time, d$cause, d$group)),
  coxph = list("survival", TRUE, function(d, ready) coxph(model(), d)),
  crr = list("cmprsk", TRUE, function(d, ready) crr(d$time, d$cause, covariates)),
  fastCrr = list("fastcmprsk", TRUE, function(d, ready) fastCrr(Crisk(d$time, d$cause) ~ covariates, variance = FALSE)),
  concordance = list("survival", TRUE, function(d, ready) concordance(ready), function(d) coxph(model(), d)),
  cox.zph = list("survival", TRUE, function(d, ready) cox.zph(ready), function(d) coxph(model(), d, model = TRUE)),
  genes_welch = list("stats", FALSE, function(d, ready) permuted(d, ready, welch)),
  genes_limma = list("limma", FALSE, function(d, ready) permuted(d, ready, moderated)),
  genes_ranks = list("stats", FALSE, function(d, ready) permuted(d, ready, ranksum), function(d) list(ranks = t(apply(d$y, 1, rank))))
)

# As samr does: for each permutation a statistic of all genes at once, counted against the observed ones.
permuted <- function(d, ready, statistic) {
  observed <- abs(statistic(d$y, d$resistant, ready)); levels <- sort(observed)
  reached <- beyond <- numeric(length(observed))
  for (b in seq_len(d$permutations)) {
    null <- abs(statistic(d$y, sample(d$resistant), ready))
    reached <- reached + (null >= observed)
    beyond <- beyond + length(null) - findInterval(levels, sort(null), left.open = TRUE)
  }
  list(reached, beyond)
}
welch <- function(y, g, ready) {
  a <- y[, g == 1]; b <- y[, g == 0]; ma <- rowMeans(a); mb <- rowMeans(b)
  va <- rowSums((a - ma)^2) / (ncol(a) - 1); vb <- rowSums((b - mb)^2) / (ncol(b) - 1)
  (ma - mb) / sqrt(va / ncol(a) + vb / ncol(b))
}
moderated <- function(y, g, ready) limma::eBayes(limma::lmFit(y, cbind(1, g)))$t[, 2]
ranksum <- function(y, g, ready) {  # samr ranks again for every permutation; here the ranks are ready
  n <- length(g); m <- sum(g)
  (rowSums(ready$ranks[, g == 1]) - m * (n + 1) / 2) / sqrt(m * (n - m) * (n + 1) / 12)
}
matrix_of_genes <- function(permutations) {
  resistant <- group
  count <- file.size(path("genes.f64")) / 8
  list(y = matrix(numbers("genes.f64", count), ncol = length(resistant), byrow = TRUE), resistant = resistant,
       permutations = as.integer(permutations))
}

kept <- list()
prepared <- function(name, times) {  # the last frame and model are kept for the next repetition
  key <- paste(name, times)
  if (is.null(kept[[key]])) {
    d <- if (startsWith(name, "genes_")) matrix_of_genes(times) else frame(times, jobs[[name]][[2]])
    kept <<- list()
    kept[[key]] <<- list(d = d, ready = if (length(jobs[[name]]) > 3) jobs[[name]][[4]](d))
  }
  kept[[key]]
}

cat('{"base": 0}\n'); flush(stdout())
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  words <- strsplit(line, " ")[[1]]
  if (!have(jobs[[words[1]]][[1]])) {
    cat(sprintf('{"absent": "R package %s is not installed"}\n', jobs[[words[1]]][[1]]))
  } else {
    ready <- prepared(words[1], words[2])
    invisible(gc())
    seconds <- system.time(jobs[[words[1]]][[3]](ready$d, ready$ready))[["elapsed"]]
    cat(sprintf('{"seconds": %.6f}\n', seconds))
  }
  flush(stdout())
}
