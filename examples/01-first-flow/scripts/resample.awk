# Bootstrap: draws as many readings as there are, with replacement, and prints their mean; `times` times.
# The generator of Park and Miller draws the same readings on every machine.
{ celsius[NR - 1] = $2 }
END {
  seed = 4711
  for (i = 0; i < times; i++) {
    sum = 0
    for (j = 0; j < NR; j++) {
      seed = (seed * 16807) % 2147483647
      sum += celsius[seed % NR]
    }
    printf "%.4f\n", sum / NR
  }
}
