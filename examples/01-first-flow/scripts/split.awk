# Splits the readings into one file per gauge, without the gaps, and prints how many there are.
NR > 1 && $3 != "" { print $1 "," $3 > ($2 ".csv"); readings++ }
END { print readings }
