/** The page's look, light and dark. */
export const style = `
:root { color-scheme: light dark; --ink: #1d2428; --soft: #5d6b73; --line: #dfe5e8; --paper: #fff; --card: #f6f8f9;
  --good: #0b7a4b; --bad: #b3261e; --one: #2563a8; --two: #d97706; --three: #b3261e; --four: #0b7a4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ecef; --soft: #9fb0ba; --line: #37444c; --paper: #14191c;
  --card: #1c2327; --good: #4cc38a; --bad: #ff8a80; --one: #74b0f4; --two: #f5b454; --three: #ff8a80; --four: #4cc38a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.1rem; margin: 0; color: var(--soft); font-weight: 600; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
.verdict { margin: .75rem 0 1.5rem; padding: 1.1rem 1.25rem; border-radius: .6rem; color: #fff; font-size: 1.5rem;
  font-weight: 650; line-height: 1.3; }
.verdict.good { background: #0b7a4b; } .verdict.bad { background: #b3261e; }
.verdict small { display: block; font-size: .95rem; font-weight: 400; opacity: .92; margin-top: .2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; margin: 0 0 1.5rem; }
.tile { background: var(--card); border-radius: .5rem; padding: .7rem .85rem; }
.tile b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
.tile.bad b { color: var(--bad); } .tile.good b { color: var(--good); } .tile span { color: var(--soft); font-size: .85rem; }
table { border-collapse: collapse; width: 100%; } .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 0 2.5rem; }
td, th { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .85rem; } td:last-child { font-variant-numeric: tabular-nums; }
td.name { color: var(--soft); }
figure { margin: 1rem 0 1.4rem; } figcaption { margin: 0 0 .1rem; } figcaption small { color: var(--soft); }
svg { width: 100%; height: auto; display: block; }
.key { margin-left: 1.1rem; font-size: .85rem; color: var(--soft); }
.key i { display: inline-block; width: 1.1rem; height: .25rem; margin-right: .35rem; vertical-align: middle; border-radius: 2px; }
.grid { stroke: var(--line); } .axis { fill: var(--soft); font-size: 11px; } .mark { fill: var(--bad); font-size: 11px; font-weight: 700; }
.fault { fill: var(--bad); opacity: .22; }
polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
polyline.one { stroke: var(--one); } polyline.two { stroke: var(--two); } polyline.three { stroke: var(--three); } polyline.four { stroke: var(--four); }
polygon.area.one { fill: var(--one); opacity: .8; } polygon.area.three { fill: var(--three); opacity: .85; }
i.one { background: var(--one); } i.two { background: var(--two); } i.three { background: var(--three); } i.four { background: var(--four); }
pre { background: var(--card); padding: .8rem; border-radius: .5rem; overflow: auto; font-size: 12px; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media print { body { max-width: none; } }
`;
