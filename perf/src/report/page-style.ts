/** The page's looks, for light and dark screens and for paper. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #667085; --paper: #fbfaf7; --card: #fff; --rule: #e4e2db;
  --p50: #7aa5c9; --p95: #1f5f99; --p99: #c2712d; --calm: #7a9c6b; --bound: #b3261e; --good: #2e7d4f; --bad: #b3261e; --void: #8a6d1a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --soft: #98a2b3; --paper: #14171c; --card: #1b2027; --rule: #2d333d;
  --p50: #5d87ab; --p95: #7fb6e6; --p99: #e39a5c; --calm: #8fb57e; --bound: #ef6a62; --good: #57b380; --bad: #ef6a62; --void: #d3b04d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { margin: 0.1em 0; font-size: 32px; } h2 { margin: 0 0 8px; font-size: 20px; } h3 { margin: 18px 0 4px; font-size: 15px; }
header p { margin: 4px 0; max-width: 70ch; } .loud { color: var(--bad); font-weight: 700; }
.badge { display: inline-block; padding: 1px 10px; border-radius: 99px; color: #fff; background: var(--soft); font-size: 13px; font-weight: 600; }
.badge.good { background: var(--good); } .badge.bad, .badge.red { background: var(--bad); } .badge.void { background: var(--void); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 20px 0; } dt { color: var(--soft); } dd { margin: 0; }
section { margin: 20px 0; padding: 18px 20px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
figure { margin: 14px 0; } figcaption { font-weight: 600; } figcaption small { color: var(--soft); font-weight: 400; }
svg { width: 100%; height: auto; display: block; }
.grid { stroke: var(--rule); } .tick, .bound-label { font: 12px system-ui, sans-serif; fill: var(--soft); }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.line.p50 { stroke: var(--p50); } .line.p95 { stroke: var(--p95); stroke-width: 2.6; } .line.p99 { stroke: var(--p99); } .line.calm { stroke: var(--calm); }
.legend { font-size: 13px; font-weight: 600; margin-left: 10px; } .legend::before { content: ''; display: inline-block; width: 18px; height: 3px; margin: 0 5px 3px 0; background: currentColor; }
.legend.p50 { color: var(--p50); } .legend.p95 { color: var(--p95); } .legend.p99 { color: var(--p99); } .legend.calm { color: var(--calm); }
.bound { stroke: var(--bound); stroke-dasharray: 6 4; } .bound-label { fill: var(--bound); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 3px 8px 3px 0; border-bottom: 1px solid var(--rule); text-align: left; } th { color: var(--soft); font-weight: 500; }
.broken { color: var(--bad); font-weight: 700; } summary { margin-top: 14px; cursor: pointer; }
.columns { display: grid; grid-template-columns: 3fr 2fr; gap: 24px; } @media (max-width: 640px) { .columns { grid-template-columns: 1fr; } }
footer { color: var(--soft); margin-top: 24px; font-size: 13px; }
`;
