/** A line or area of a chart; values by second, null where there is none. */
export interface Series {
  readonly name: string;
  /** A CSS class: `area` fills below the line. */
  readonly style: string;
  readonly values: readonly (number | null)[];
}

/** Something that happened during a span of time. */
export interface Band {
  readonly fromSecond: number;
  readonly toSecond: number;
  /** Shown above the chart: a number that a list explains. */
  readonly label: string;
}

export interface ChartOptions {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly bands: readonly Band[];
}

const width = 960;
const height = 220;
const left = 56;
const right = 12;
const top = 26;
const bottom = 26;
const gridLines = 4;
/** Seconds between two labels of time: the first that leaves at most so many. */
const timeSteps = [1, 2, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 14_400, 86_400];
const maxTimeLabels = 10;
/** Points that a line has at most; longer runs are drawn by the mean of neighbours. */
const maxPoints = 600;

/** XML's five. */
export function escapeText(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": '#39',
  };
  return text.replaceAll(/[&<>"']/g, (character) => `&${names[character] ?? ''};`);
}

/** The smallest of 1, 2, 5 times a power of ten that is not below the value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function shorten(values: readonly (number | null)[], perPoint: number): (number | null)[] {
  return Array.from({ length: Math.ceil(values.length / perPoint) }, (_each, index) => {
    const known = values.slice(index * perPoint, (index + 1) * perPoint).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

function clock(second: number): string {
  return `${Math.floor(second / 60)}:${String(Math.round(second % 60)).padStart(2, '0')}`;
}

/** Pieces of a line between its gaps. */
function runsOf(values: readonly (number | null)[]): (readonly [index: number, value: number])[][] {
  const runs: (readonly [number, number])[][] = [];
  let current: (readonly [number, number])[] = [];
  for (const [index, value] of values.entries()) {
    if (value !== null) current.push([index, value]);
    else if (current.length > 0) {
      runs.push(current);
      current = [];
    }
  }
  return current.length > 0 ? [...runs, current] : runs;
}

/** A chart over time as inline SVG; colours come from the page's classes. */
export function renderChart(options: ChartOptions): string {
  const { title, unit, series, bands } = options;
  const seconds = Math.max(1, ...series.map(({ values }) => values.length));
  const perPoint = Math.ceil(seconds / maxPoints);
  const drawn = series.map((each) => ({ ...each, values: shorten(each.values, perPoint) }));
  const most = roundUp(Math.max(1, ...drawn.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const x = (second: number) => left + (second / seconds) * (width - left - right);
  const y = (value: number) => height - bottom - (value / most) * (height - top - bottom);
  const point = ([index, value]: readonly [number, number]) =>
    `${x((index + 0.5) * perPoint).toFixed(1)},${y(value).toFixed(1)}`;

  const grid = Array.from({ length: gridLines + 1 }, (_each, line) => {
    const value = (most / gridLines) * line;
    return `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>
<text class="axis" x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${Number(value.toPrecision(3))}</text>`;
  });
  const step = timeSteps.find((each) => seconds / each <= maxTimeLabels) ?? 86_400;
  const times = Array.from({ length: Math.floor(seconds / step) + 1 }, (_each, place) => {
    const second = step * place;
    return `<text class="axis" x="${x(second).toFixed(1)}" y="${height - 8}" text-anchor="middle">${clock(second)}</text>`;
  });
  const faults = bands.map(({ fromSecond, toSecond, label }) => {
    const from = x(Math.min(fromSecond, seconds));
    const to = Math.max(from + 2, x(Math.min(toSecond, seconds)));
    return `<rect class="fault" x="${from.toFixed(1)}" y="${top}" width="${(to - from).toFixed(1)}" height="${height - top - bottom}"/>
<text class="mark" x="${from.toFixed(1)}" y="${top - 6}" text-anchor="middle">${escapeText(label)}</text>`;
  });
  const lines = drawn.flatMap(({ style, values }) =>
    runsOf(values).map((run) => {
      const [first, last] = [run[0]?.[0] ?? 0, run.at(-1)?.[0] ?? 0];
      const floor = y(0).toFixed(1);
      const [start, end] = [x((first + 0.5) * perPoint).toFixed(1), x((last + 0.5) * perPoint).toFixed(1)];
      const points = run.map(point).join(' ');
      return style.includes('area')
        ? `<polygon class="${style}" points="${start},${floor} ${points} ${end},${floor}"/>`
        : `<polyline class="${style}" points="${run.length === 1 ? `${points} ${points}` : points}"/>`;
    }),
  );
  const legend = series
    .map(({ name, style }) => `<span class="key"><i class="${style}"></i>${escapeText(name)}</span>`)
    .join('');
  return `<figure><figcaption><b>${escapeText(title)}</b> <small>${escapeText(unit)}</small>${legend}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}">
${[...grid, ...times, ...faults, ...lines].join('\n')}
</svg></figure>`;
}
