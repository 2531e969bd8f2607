/** How the pages look, by day and by night. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --text: #1d1d1f; --faint: #5c5c66; --ground: #fff; --raised: #f5f5f2; --line: #dcdcd6; --accent: #8a5a00;
  --passed: #1a7f37; --failed: #c0262d; --running: #0b62c4; --waiting: #6b6b74; --stderr: #a33a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #ececf0; --faint: #a3a3ad; --ground: #17171a; --raised: #212126; --line: #36363d; --accent: #f0b545;
    --passed: #57c878; --failed: #ff7b7b; --running: #6cb1ff; --waiting: #a3a3ad; --stderr: #ffa46b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; justify-content: space-between; gap: 1rem; padding: .7rem 1.2rem; border-bottom: 1px solid var(--line); }
main { max-width: 80rem; margin: 0 auto; padding: 1rem 1.2rem 3rem; }
main:focus { outline: none; }
a { color: inherit; text-underline-offset: .2em; }
a:focus-visible, button:focus-visible, input:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.home { font-weight: 700; text-decoration: none; color: var(--accent); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .6rem; background: var(--ground); padding: .2rem .6rem; }
#live, .faint { color: var(--faint); }
h1 { font-size: 1.3rem; margin: .4rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
.rows { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: var(--faint); font-size: .85rem; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.title { overflow-wrap: anywhere; min-width: 14rem; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.status { white-space: nowrap; font-weight: 600; }
.status.passed { color: var(--passed); }
.status.failed, .status.errored, .status.timed-out, .status.lost { color: var(--failed); }
.status.running, .status.assigned { color: var(--running); }
.status.queued, .status.cancelled { color: var(--waiting); }
dl { display: flex; flex-wrap: wrap; gap: .2rem 2rem; margin: 0 0 1rem; }
dt { color: var(--faint); font-size: .85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: .8rem 1rem; height: 68vh; overflow: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
  font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
pre .stderr { color: var(--stderr); }
.bar { display: flex; flex-wrap: wrap; gap: 1rem; align-items: baseline; margin: .6rem 0; }
button, input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .8rem; }
button { cursor: pointer; }
form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
`;
