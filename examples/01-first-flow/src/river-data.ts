/** One gauge of the river: how cold its water is on average, how strongly it follows the seasons. */
interface Gauge {
  readonly name: string;
  readonly mean: number;
  readonly swing: number;
}

/** From the source to the sea. */
const GAUGES: readonly Gauge[] = [
  { name: 'spring', mean: 7.1, swing: 2.2 },
  { name: 'gorge', mean: 7.6, swing: 4.1 },
  { name: 'sawmill', mean: 8.2, swing: 5.0 },
  { name: 'trout-farm', mean: 8.4, swing: 5.6 },
  { name: 'old-bridge', mean: 9.0, swing: 6.3 },
  { name: 'weir', mean: 9.4, swing: 7.0 },
  { name: 'ford', mean: 9.7, swing: 7.6 },
  { name: 'confluence', mean: 9.5, swing: 6.9 },
  { name: 'town', mean: 10.6, swing: 7.7 },
  { name: 'power-plant', mean: 13.2, swing: 7.2 },
  { name: 'lock', mean: 11.9, swing: 7.9 },
  { name: 'meadow', mean: 11.2, swing: 8.3 },
  { name: 'island', mean: 11.3, swing: 8.2 },
  { name: 'ferry', mean: 11.1, swing: 7.8 },
  { name: 'harbour', mean: 11.8, swing: 7.4 },
  { name: 'estuary', mean: 11.0, swing: 6.1 },
];

const START = Date.UTC(2025, 0, 1);
const READINGS = 365 * 6;
const FOUR_HOURS_MS = 4 * 60 * 60 * 1000;

/**
 * The text of data/river-temperatures.csv: what 16 gauges of an invented river measured every four
 * hours for a year, in degrees Celsius, with seasons, afternoons, warm and cold spells and gaps. The
 * same text at every call.
 */
export function riverData(): string {
  const random = seededRandom(20250101);
  const lines = ['time,gauge,celsius'];
  const local = GAUGES.map(() => 0);
  let weather = 0;
  for (let reading = 0; reading < READINGS; reading++) {
    weather = 0.985 * weather + (random() - 0.5) * 1.6;
    const time = new Date(START + reading * FOUR_HOURS_MS).toISOString().replace(':00.000', '');
    GAUGES.forEach((gauge, place) => {
      local[place] = 0.9 * (local[place] ?? 0) + (random() - 0.5) * 0.5;
      const celsius = temperature(gauge, reading) + weather * (gauge.swing / 6) + local[place];
      const missing = random() < 0.004;
      lines.push(`${time},${gauge.name},${missing ? '' : Math.max(0, celsius).toFixed(1)}`);
    });
  }
  return `${lines.join('\n')}\n`;
}

/** Season (coldest at the end of January) and time of day (warmest in the late afternoon). */
function temperature(gauge: Gauge, reading: number): number {
  const day = reading / 6;
  const season = -Math.cos((2 * Math.PI * (day - 28)) / 365);
  const hour = (reading % 6) * 4;
  const daily = Math.cos((2 * Math.PI * (hour - 16)) / 24);
  return gauge.mean + gauge.swing * season + 0.12 * gauge.swing * daily;
}

/** Numbers in [0, 1) that are the same on every machine: the generator of Park and Miller. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
