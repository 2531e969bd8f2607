/**
 * The script of the pages, as browsers run it. All that it shows goes through `textContent`, so nothing that a job says
 * can become markup.
 */
export const pageScript = String.raw`'use strict';
(() => {
  const main = document.getElementById('main');
  const live = document.getElementById('live');
  const TOKEN = 'skep-token';
  const TAIL_BYTES = 1024 * 1024;
  const SHOWN_CHARS = 4 * 1024 * 1024;
  const AGAIN_MS = 2000;

  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    Object.assign(element, properties);
    element.append(...children);
    return element;
  };
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const token = () => sessionStorage.getItem(TOKEN) || undefined;
  const tell = (text) => { if (live.textContent !== text) live.textContent = text; };

  async function ask(path, options = {}) {
    const headers = token() ? { Authorization: 'Bearer ' + token() } : {};
    const response = await fetch(path, { ...options, headers });
    if (response.ok) return response;
    const { error } = await response.json();
    throw Object.assign(new Error(error.message), error);
  }

  const time = (ms) => (ms === null ? '' : new Date(ms).toLocaleString());
  function duration(job) {
    if (job.started === null) return '';
    const seconds = Math.max(0, Math.round(((job.finished ?? Date.now()) - job.started) / 1000));
    return seconds < 60 ? seconds + ' s' : Math.floor(seconds / 60) + ' min ' + (seconds % 60) + ' s';
  }
  const waits = {
    'no-drone': () => 'no drone is connected',
    'unmet-requirements': (why) => 'no drone has ' + why.which.join(', '),
    'all-busy': (why) => 'all busy, place ' + why.position + ' in line' + (why.drone ? ' for ' + why.drone : ''),
    paused: () => 'the drones that could run it are paused',
    'not-before': (why) => 'not before ' + time(why.at),
    'group-full': (why) => 'group ' + why.group + ' is full',
    'waiting-for-jobs': (why) => 'waits for ' + why.jobs.join(', '),
  };
  const whyOf = (job) => (job.waiting ? (waits[job.waiting.reason] ?? String)(job.waiting) : (job.reason ?? ''));
  const statusOf = (job) => make('span', { className: 'status ' + (job.outcome ?? job.status), textContent: job.outcome ?? job.status });

  function watchQueue(onConnect, handlers) {
    if (!window.io) return tell('not live: reload to see what is new');
    const socket = window.io({ transports: ['websocket'], auth: token() ? { token: token() } : {} });
    socket.on('connect', () => { tell('live'); socket.emit('queue:watch'); onConnect(); });
    socket.on('disconnect', () => tell('connection lost, trying again'));
    socket.on('connect_error', (error) => tell('not connected: ' + error.message));
    for (const [event, handle] of Object.entries(handlers)) socket.on(event, handle);
  }

  // The queue: all that is not done, then the newest of what is.
  function showQueue() {
    const jobs = new Map();
    const drones = new Map();
    const parts = { active: make('div', { className: 'rows' }), done: make('div', { className: 'rows' }), drones: make('div', { className: 'rows' }) };
    main.replaceChildren(
      make('h1', { textContent: 'Jobs' }),
      make('h2', { textContent: 'Running and waiting' }), parts.active,
      make('h2', { textContent: 'Done' }), parts.done,
      make('h2', { textContent: 'Drones' }), parts.drones,
    );
    const table = (heads, rows, none) => rows.length === 0
      ? make('p', { className: 'faint', textContent: none })
      : make('table', {}, make('thead', {}, make('tr', {}, ...heads.map((text) => make('th', { scope: 'col', textContent: text })))), make('tbody', {}, ...rows));
    const cell = (content, className = '') => make('td', { className }, content);
    const jobRow = (job) => make('tr', {},
      cell(statusOf(job)),
      cell(make('a', { href: '/jobs/' + encodeURIComponent(job.id), textContent: job.title || job.id }), 'title'),
      cell(job.project ?? ''), cell(job.drone ?? ''), cell(whyOf(job)), cell(duration(job), 'time'), cell(time(job.queued), 'time'));
    const droneRow = (drone) => make('tr', {},
      cell(drone.name), cell(drone.state), cell(String(drone.speed)), cell(drone.running.length + ' of ' + drone.capacity), cell(String(drone.waiting)));
    const heads = ['Status', 'Job', 'Project', 'Drone', 'Why', 'Took', 'Queued'];
    function draw() {
      const newest = [...jobs.values()].sort((a, b) => b.queued - a.queued || (a.id < b.id ? 1 : -1));
      const focused = document.activeElement?.getAttribute?.('href');
      const done = newest.filter((job) => job.status === 'done');
      for (const job of done.slice(100)) jobs.delete(job.id);
      parts.active.replaceChildren(table(heads, newest.filter((job) => job.status !== 'done').slice(0, 200).map(jobRow), 'Nothing runs or waits.'));
      parts.done.replaceChildren(table(heads, done.slice(0, 50).map(jobRow), 'Nothing is done yet.'));
      parts.drones.replaceChildren(table(['Name', 'State', 'Speed', 'Busy', 'Waiting'],
        [...drones.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(droneRow), 'No drone is known: skep drone --queen ' + location.origin));
      if (focused) main.querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus();
    }
    let isDrawn = true;
    const drawSoon = () => {
      if (!isDrawn) return;
      isDrawn = false;
      setTimeout(() => requestAnimationFrame(() => { isDrawn = true; draw(); }), 100);
    };
    async function load() {
      const [active, recent, fleet] = await Promise.all(
        ['/api/jobs?status=active&limit=200', '/api/jobs?status=done&limit=50', '/api/drones'].map(async (path) => (await ask(path)).json()));
      jobs.clear();
      for (const job of [...active.jobs, ...recent.jobs]) jobs.set(job.id, job);
      for (const drone of fleet.drones) drones.set(drone.id, drone);
      draw();
    }
    const setDrone = (drone) => { drones.set(drone.id, drone); drawSoon(); };
    watchQueue(() => load().catch(fail), {
      'job:summary': (id, job) => { jobs.set(id, job); drawSoon(); },
      'drone:joined': setDrone,
      'drone:changed': setDrone,
      'drone:died': (id) => { const drone = drones.get(id); if (drone) drone.state = 'offline'; drawSoon(); },
    });
    return load();
  }

  // A job: what it is, and its output from the last MiB on, live.
  async function showJob(id) {
    const path = '/api/jobs/' + encodeURIComponent(id);
    const heading = make('h1');
    const facts = make('dl');
    const output = make('pre', { tabIndex: 0 });
    output.setAttribute('aria-label', 'Output');
    const note = make('span', { className: 'faint' });
    const cancel = make('button', { type: 'button', textContent: 'Cancel' });
    const follow = make('input', { type: 'checkbox', checked: true });
    // A link cannot carry a token, so where one is needed there is no link.
    main.replaceChildren(heading, facts,
      make('div', { className: 'bar' }, make('label', {}, follow, ' Keep to the end'), make('a', { href: path + '/output', textContent: 'All output as text', hidden: token() !== undefined }), cancel, note), output);
    cancel.addEventListener('click', () => ask(path + '/cancel', { method: 'POST' }).catch((error) => { note.textContent = error.message; }));

    let job;
    function draw() {
      const title = job.title ?? job.data?.project ?? job.id;
      document.title = (job.outcome ?? job.status) + ' · ' + title + ' · Skep';
      heading.textContent = title;
      const entries = [['Status', statusOf(job)], ['Why', whyOf(job)], ['Drone', job.drone], ['Phase', job.status === 'done' ? '' : job.phase],
        ['Exit code', job.exitCode], ['Attempt', job.attempt > 1 ? job.attempt : ''], ['Queued', time(job.queued)], ['Took', duration(job)], ['Id', job.id]];
      facts.replaceChildren(...entries.filter(([, value]) => value !== '' && value !== null && value !== undefined)
        .map(([name, value]) => make('div', {}, make('dt', { textContent: name }), make('dd', {}, value instanceof Node ? value : String(value)))));
      cancel.hidden = job.status === 'done';
    }
    const load = async () => { job = { ...(await (await ask(path)).json()), title: job?.title }; draw(); };
    await load();
    setInterval(() => { if (job.status !== 'done') draw(); }, 1000);
    watchQueue(() => load().catch(fail), { 'job:summary': (changed, summary) => { if (changed === id) { job = { ...job, ...summary }; draw(); } } });

    let shown = 0;
    const decoders = {};
    function add(chunk) {
      const key = chunk.command + chunk.stream;
      decoders[key] ??= new TextDecoder();
      const text = chunk.text ?? decoders[key].decode(Uint8Array.from(atob(chunk.base64), (char) => char.charCodeAt(0)), { stream: true });
      // Colours are for terminals.
      const plain = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/\r\n/g, '\n');
      output.append(make('span', { className: chunk.stream, textContent: plain }));
      shown += plain.length;
      while (shown > SHOWN_CHARS && output.firstChild !== output.lastChild) {
        shown -= output.firstChild.textContent.length;
        output.firstChild.remove();
        note.textContent = 'Only the end is shown.';
      }
    }
    let from = job.output.bytes > TAIL_BYTES ? 'bytes=' + (job.output.bytes - TAIL_BYTES) + '-' : 'cursor=0';
    if (job.output.bytes > TAIL_BYTES) note.textContent = 'Only the end is shown.';
    for (;;) {
      try {
        const response = await ask(path + '/output?format=ndjson&follow=1&' + from);
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          const lines = (rest + value).split('\n');
          rest = lines.pop();
          for (const line of lines) { const chunk = JSON.parse(line); add(chunk); from = 'cursor=' + (chunk.cursor + 1); }
          if (follow.checked) output.scrollTop = output.scrollHeight;
        }
        await load();
        if (job.status === 'done') break;
      } catch (error) {
        if (error.code && error.code !== 'QUEEN_STOPPING') throw error;
        tell('connection lost, trying again');
      }
      await pause(AGAIN_MS);
    }
    if (job.output.bytes === 0) note.textContent = 'It wrote nothing.';
    if (job.output.state === 'partial') note.textContent = 'The output is not complete' + (job.output.missing ? ': ' + job.output.missing : '.');
  }

  function fail(error) {
    if (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN') return askForToken(error);
    main.replaceChildren(make('h1', { textContent: error.message }), make('p', { className: 'faint', textContent: error.hint ?? '' }), make('p', {}, make('a', { href: '/', textContent: 'All jobs' })));
  }

  function askForToken(error) {
    const input = make('input', { type: 'password', required: true, autocomplete: 'current-password' });
    const form = make('form', {}, make('label', {}, 'Token ', input), make('button', { textContent: 'Enter' }));
    form.addEventListener('submit', (event) => { event.preventDefault(); sessionStorage.setItem(TOKEN, input.value.trim()); location.reload(); });
    main.replaceChildren(make('h1', { textContent: 'This queen asks for a token' }), make('p', { className: 'faint', textContent: error.message + '. ' + (error.hint ?? '') }), form);
    input.focus();
  }

  const id = /^\/jobs\/([^/]+)$/.exec(location.pathname)?.[1];
  (id ? showJob(decodeURIComponent(id)) : showQueue()).catch(fail);
})();
`;
