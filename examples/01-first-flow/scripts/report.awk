# Turns the measured gauges, warmest first, into a table in Markdown.
BEGIN {
  print "# Water temperature at the gauges of the river, 2025\n"
  print "| gauge       |  mean | 95 % interval  | warmest | on         | days ≥ 20 °C |"
  print "|-------------|------:|----------------|--------:|------------|-------------:|"
}
{
  interval = sprintf("%.2f to %.2f", $4, $5)
  printf "| %-11s | %5.2f | %-14s | %7.1f | %s | %12d |\n", $1, $3, interval, $6, substr($7, 1, 10), $8
  if (NR == 1) { warmest = $1; mean = $3 }
  coldest = $1
  low = $3
}
END {
  printf "\n%d readings. From %s to %s the mean rises by %.2f °C.\n", \
    ENVIRON["READINGS"], coldest, warmest, mean - low
}
