#!/bin/sh
# measure.sh GAUGE: sums up GAUGE.csv of the current directory in one line. It takes a second or so of
# honest work: the 95 % interval of the mean comes from resampling all readings 1,200 times.
set -eu
export LC_ALL=C
scripts=$(dirname "$0")

interval=$(
  awk -F, -v times=1200 -f "$scripts/resample.awk" "$1.csv" |
    sort -n |
    awk 'NR == 30 { low = $1 } NR == 1170 { printf "%.2f,%.2f", low, $1 }'
)
awk -F, -v gauge="$1" -v interval="$interval" -f "$scripts/summarise.awk" "$1.csv"
