"""Files to raw rows: text, Excel, SPSS, Stata, SAS, Parquet. Nothing is typed here."""
