# Simulated matrices and what R answers: limma's moderated t, t.test, wilcox.test, p.adjust.
# Rscript build.R, in this folder. R 4.2.2, limma 3.54.1, jsonlite.
suppressMessages({library(limma); library(jsonlite)})

full <- function(x) if (is.numeric(x)) ifelse(is.na(x), "NA", ifelse(is.infinite(x), "Inf", sprintf("%.17g", x))) else x
put <- function(x, file) writeLines(toJSON(rapply(x, function(v) as.character(full(v)), how = "list"), pretty = FALSE), file)

answers <- function(y, design) {
  fit <- eBayes(lmFit(y, design))
  list(coefficient = fit$coefficients[, "group"], unscaled = fit$stdev.unscaled[, "group"], sigma = fit$sigma,
       df_residual = fit$df.residual, df_prior = rep(fit$df.prior, length.out = 1), s2_prior = fit$s2.prior,
       s2_post = fit$s2.post, t = fit$t[, "group"], df_total = fit$df.total, p = fit$p.value[, "group"],
       p_bh = p.adjust(fit$p.value[, "group"], "BH"))
}

classic <- function(y, group) {
  one <- function(f) apply(y, 1, function(row) tryCatch(f(row[group == 1], row[group == 0]), error = function(e) NA))
  list(welch_t = one(function(a, b) unname(t.test(a, b)$statistic)),
       welch_df = one(function(a, b) unname(t.test(a, b)$parameter)),
       welch_p = one(function(a, b) t.test(a, b)$p.value),
       wilcoxon_p = one(function(a, b) suppressWarnings(wilcox.test(a, b)$p.value)))
}

case <- function(name, y, group, covariates = NULL) {
  colnames(y) <- sprintf("s%d", seq_len(ncol(y))); rownames(y) <- sprintf("g%d", seq_len(nrow(y)))
  design <- cbind("(Intercept)" = 1, group = group)
  if (!is.null(covariates)) design <- cbind(design, model.matrix(~ ., covariates)[, -1, drop = FALSE])
  samples <- data.frame(sample = colnames(y), group = group)
  if (!is.null(covariates)) samples <- cbind(samples, covariates)
  out <- list(moderated = answers(y, design), classic = classic(y, group))
  write.csv(y, paste0(name, "_values.csv"), quote = FALSE, na = "")
  write.csv(samples, paste0(name, "_samples.csv"), row.names = FALSE, quote = FALSE)
  put(out, paste0(name, ".json"))
  cat(name, "prior df", out$moderated$df_prior[1], "\n")
}

set.seed(20040805)
noise <- function(genes, samples, prior = 4) {
  sd <- if (is.infinite(prior)) rep(0.7, genes) else sqrt(0.3 * prior / rchisq(genes, prior))
  round(matrix(rnorm(genes * samples, 8, sd), genes), 4)
}
group <- rep(c(0, 1), c(11, 9))
y <- noise(150, 20); y[1:15, group == 1] <- y[1:15, group == 1] + 1.5
case("plain", y, group)

y <- round(noise(120, 20), 1)            # ties
case("ties", y, group)

case("alike", noise(150, 12, Inf), rep(0:1, each = 6))

y <- noise(100, 6); y[3, ] <- rep(c(5, 7), each = 3); y[4, ] <- rep(c(5, 7.5), each = 3) + c(0, 1e-7, 0, 0, 0, 0)
case("steady", y, rep(0:1, each = 3))    # no spread within groups

people <- data.frame(age = round(runif(24, 0, 18), 1), sex = rep(c("F", "M", "M"), 8), batch = rep(c("a", "b", "c"), each = 8))
group <- rep(c(0, 1, 0, 1, 1, 0, 0, 1), 3)
y <- noise(120, 24); y <- round(y + outer(rnorm(120, 0, .05), people$age) + outer(rnorm(120), as.numeric(people$batch == "b")), 4)
y[1:12, group == 1] <- y[1:12, group == 1] + 1.2
case("adjusted", y, group, people)

y[sample(length(y), 250)] <- NA
case("missing", y, group)
case("missing_adjusted", y, group, people)
