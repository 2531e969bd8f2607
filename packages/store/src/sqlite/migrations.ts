/**
 * Every step from an empty file to the schema of this version. Steps are only ever added at the end: `user_version`
 * counts those that a file has behind it.
 */
export const migrations: readonly string[] = [
  `
  -- What changes of a job. Small rows, for they are rewritten at every step of the job and scanned for lists.
  create table job (
    key integer primary key, -- in the order of submission
    id text not null unique,
    title text not null,
    project text,
    job_type text not null,
    priority integer not null,
    retry_of text,
    queued_at integer not null,
    status text not null,
    outcome text,
    reason text,
    attempt integer not null,
    drone_id text,
    drone_name text,
    phase text,
    started_at integer,
    finished_at integer,
    exit_code integer,
    signal text,
    confirmed integer,
    cancel_reason text,
    not_before integer,
    cursor integer not null
  );
  -- Lists are newest first: (queued_at, key), backwards. Every index ends in the key of itself.
  create index job_by_status on job (status, queued_at);
  create index job_by_outcome on job (outcome, queued_at) where outcome is not null;
  create index job_by_project on job (project, queued_at) where project is not null;
  create index job_by_drone on job (drone_id, queued_at) where drone_id is not null;

  -- What was submitted: written once.
  create table submission (
    job_key integer primary key references job,
    job text not null -- JSON
  );

  create table attempt (
    lease integer primary key check (lease between 1 and 4294967295), -- see event.key
    job_key integer not null references job,
    attempt integer not null,
    drone_id text not null,
    drone_name text not null,
    granted_at integer not null,
    queued_at integer,
    started_at integer,
    phase_started_at integer,
    tested_at integer,
    finished_at integer,
    ended_at integer,
    outcome text,
    reason text,
    error text, -- JSON
    phase text,
    deploy_began integer not null,
    test_code integer,
    test_time_ms integer,
    deploy_code integer,
    deploy_time_ms integer,
    exit_code integer,
    signal text,
    progress text, -- JSON
    result text, -- JSON
    first_cursor integer not null,
    events integer not null,
    output_bytes integer not null,
    output_lines integer not null,
    output_state text not null,
    sha256 text,
    missing text,
    unique (job_key, attempt)
  );
  -- At most one lease is live per job.
  create unique index live_lease on attempt (job_key) where ended_at is null;

  create table command (
    key integer primary key, -- lease << 20 | num + 1: the commands of an attempt lie together, without a second index
    phase text,
    cmd text not null,
    screencmd text,
    exit_code integer,
    signal text,
    started_at integer,
    finished_at integer,
    first_seq integer not null,
    last_seq integer not null,
    out_bytes integer not null,
    err_bytes integer not null
  );

  -- One b-tree, ordered by attempt and seq: an event is added at the end of its attempt's run, and a run is read by one
  -- seek, wherever it lies. The small columns come first, so that a search for a byte or a line never loads output.
  create table event (
    key integer primary key, -- lease << 31 | seq, a 64-bit integer: 2^32 leases of 2^31 events
    at integer not null,
    first_byte integer not null, -- also of events without output: seqAt halves its way through the seqs
    first_line integer not null,
    lines integer not null,
    source integer, -- lease << 21 | command + 1 << 1 | is stderr; null without output
    name text not null,
    args text not null, -- JSON
    output blob
  );
  -- The newest output of a command is found without reading past what others wrote since.
  create index event_by_source on event (source) where source is not null;

  create table drone (
    id text primary key,
    name text not null,
    speed integer not null,
    capacity integer not null,
    labels text not null, -- JSON, as are plugins and handlers
    plugins text not null,
    handlers text not null,
    platform text,
    version text,
    drain_reason text,
    connected_at integer,
    seen_at integer not null
  ) without rowid;

  create table token (
    name text primary key,
    scope text not null,
    sha256 text not null,
    created_at integer not null
  ) without rowid;
  `,
  `
  create table view (
    name text primary key,
    filter text not null, -- JSON
    changed_at integer not null
  ) without rowid;
  `,
  `
  alter table job add column run_key text;
  alter table job add column waited_ms integer;
  alter table attempt add column drone_speed integer;
  -- Written once for each job, when it passes: the newest runs of a job are found by one seek.
  create index job_by_run on job (run_key, finished_at) where outcome = 'passed' and run_key is not null;
  -- Holds all that statistics ask for, so that they never touch the jobs themselves.
  create index job_by_end on job (finished_at, outcome, waited_ms) where finished_at is not null;
  `,
  `
  create table schedule (
    name text primary key,
    spec text not null, -- JSON
    created_at integer not null,
    changed_at integer not null,
    anchor_at integer not null,
    decided_until integer not null,
    paused_at integer,
    pause_reason text
  ) without rowid;
  create table schedule_run (
    key integer primary key, -- in the order of the commits
    schedule text not null references schedule,
    due_at integer,
    decided_at integer not null,
    job_id text, -- the job may be removed before its run
    skipped text,
    reason text
  );
  create index schedule_run_by_schedule on schedule_run (schedule);
  create table template (
    name text primary key,
    spec text not null, -- JSON
    created_at integer not null,
    changed_at integer not null
  ) without rowid;
  `,
  `
  create table artifact (
    lease integer not null, -- of its attempt
    path text not null,
    size integer not null,
    mode integer not null,
    media_type text not null,
    sha256 text not null,
    created_at integer not null,
    primary key (lease, path)
  ) without rowid;
  create index artifact_by_sha256 on artifact (sha256);

  create table cache (
    project text not null,
    key text not null,
    size integer not null,
    sha256 text not null,
    created_at integer not null,
    used_at integer not null,
    primary key (project, key)
  ) without rowid;
  create index cache_by_sha256 on cache (sha256);

  create table upload (
    id text primary key,
    target text not null, -- JSON
    size integer not null,
    sha256 text not null,
    created_at integer not null
  ) without rowid;

  -- Attempts of jobs that were removed, whose events are still there. The greatest of them stays: no lease comes twice.
  create table forgotten (
    lease integer primary key
  );
  `,
  `
  alter table attempt add column gaps text; -- JSON
  `,
  `
  create table dropped_platform (
    name text primary key,
    reason text,
    dropped_at integer not null
  ) without rowid;
  `,
  `
  alter table job add column parent text;
  alter table job add column cell text; -- JSON
  alter table job add column parent_of text;
  alter table job add column children text; -- JSON
  create index job_by_parent on job (parent, queued_at) where parent is not null;
  drop index job_by_end;
  create index job_by_end on job (finished_at, outcome, waited_ms, parent_of) where finished_at is not null;
  `,
  `
  alter table job add column branch text;
  update job set branch = (select json_extract(job, '$.ref.branch') from submission where job_key = key) where project is not null;
  create index job_by_branch on job (project, branch, queued_at) where branch is not null;

  alter table artifact add column project text;
  update artifact set project =
    (select project from job where key = (select job_key from attempt where attempt.lease = artifact.lease));
  create index artifact_by_project on artifact (project, lease, path) where project is not null;
  `,
];
