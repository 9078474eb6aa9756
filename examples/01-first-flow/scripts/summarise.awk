# Prints one line: gauge, readings, mean, its interval (low, high), warmest reading, its time, warm days.
{
  sum += $2
  if (NR == 1 || $2 > warmest) { warmest = $2; when = $1 }
  day = substr($1, 1, 10)
  if ($2 >= 20 && day != last) { warm++; last = day }
}
END { printf "%s,%d,%.2f,%s,%.1f,%s,%d\n", gauge, NR, sum / NR, interval, warmest, when, warm }
