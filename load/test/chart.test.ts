import { expect, test } from 'vitest';
import { escapeText, renderChart } from '../src/report/chart.ts';

test('a chart breaks its lines where there is no value, and marks faults', () => {
  const chart = renderChart({
    title: 'Time',
    unit: 'ms',
    series: [{ name: 'median', style: 'one', values: [10, 20, null, null, 30] }],
    bands: [{ fromSecond: 2, toSecond: 4, label: '1' }],
  });
  expect(chart.match(/<polyline/g)).toHaveLength(2);
  expect(chart.match(/class="fault"/g)).toHaveLength(1);
  expect(chart).not.toMatch(/NaN|undefined|Infinity/);
});

test('a long run is drawn by the mean of neighbours', () => {
  const values = Array.from({ length: 5_000 }, (_each, second) => second % 2);
  const chart = renderChart({
    title: 'Rate',
    unit: '',
    series: [{ name: 'a', style: 'area one', values }],
    bands: [],
  });
  const points = /points="([^"]*)"/.exec(chart)?.[1]?.split(' ') ?? [];
  expect(points.length).toBeLessThan(700);
});

test('a chart of nothing is still a chart', () => {
  const chart = renderChart({
    title: 'Rate',
    unit: '',
    series: [{ name: 'a', style: 'one', values: [] }],
    bands: [],
  });
  expect(chart).not.toMatch(/NaN|undefined|Infinity/);
});

test('what comes from the run cannot become markup', () => {
  expect(escapeText(`<b a="1">&'`)).toBe('&lt;b a=&quot;1&quot;&gt;&amp;&#39;');
});
