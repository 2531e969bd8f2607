const MANY = 'Several messages in one, to and from who asked for that: see [many in one](#many-in-one).';

/** What each message means, and what it is answered with; docs/protocol.md shows them beside their schemas. */
export const droneNotes = {
  'drone:info': {
    args: 'info',
    types: ['DroneInfo'],
    meaning: 'What the drone is. Said on every connect and whenever something of it changes; before it nothing else is heard.',
  },
  'drone:keep-alive': {
    args: '',
    types: [],
    meaning: 'It is still there, in the plain form, where its client does not answer the pings of Socket.IO.',
  },
  'drone:resume': {
    args: 'held',
    types: ['DroneResume'],
    ack: 'ResumeAnswer',
    meaning: 'Packed form: all attempts that it holds. Said once after each connect.',
  },
  'job:events': { args: 'frame', types: ['JobFrame'], ack: 'FrameAck', meaning: 'Packed form: a run of events of one attempt.' },
  many: { args: 'messages', types: ['ManyMessages'], ack: 'a list of answers', meaning: MANY },
};

export const queenToDroneNotes = {
  'drone:query-info': { args: '', types: [], meaning: 'Say what you are: answer with `drone:info`. Asked on every connect.' },
  'queue:new': { args: 'job', types: ['AssignedJob'], meaning: 'Run this job. It takes one of your slots until you say that it is over.' },
  'job:cancel': {
    args: 'id, reason',
    types: ['JobId', 'string'],
    meaning: 'End this job: its processes first, then report as ever, to the end.',
  },
  many: { args: 'messages', types: ['ManyMessages'], meaning: MANY },
};

export const callerNotes = {
  'queue:new': { args: 'job', types: ['Job'], ack: 'SubmitAnswer', meaning: 'Submit a job. The answer is sent when the job is durable.' },
  'job:query-info': {
    args: 'id',
    types: ['JobId'],
    ack: 'JobInfo',
    meaning: 'The whole job with its output so far; answered by the event `job:info id, data` and by the same data as the answer.',
  },
  'job:watch': {
    args: 'id, from?',
    types: ['JobId', 'Cursor or WatchOptions'],
    ack: '`{cursor}`',
    meaning: 'Every event from this cursor on (0 if absent), in order, none missing, none twice: those that are there, then each new one.',
  },
  'job:unwatch': { args: 'id', types: ['JobId'], meaning: 'No more events of this job.' },
  'queue:watch': {
    args: '',
    types: [],
    meaning:
      'A summary of every job and every drone whenever it changes. Who does not read it is disconnected, and asks anew with the next connection.',
  },
  'queue:unwatch': { args: '', types: [], meaning: 'No more summaries.' },
  'hooks:watch': {
    args: 'key, filter?',
    types: ['HookKey', 'HookFilter'],
    ack: 'HooksAnswer',
    meaning:
      'A notice of each job that is created, staged and so on, under this name; those since `after` first. The queen keeps the newest 4,096, with at most 8 MiB of values, until it stops.',
  },
  'hooks:unwatch': { args: 'key', types: ['HookKey'], meaning: 'No more of these notices.' },
  'job:cancel': {
    args: 'id, reason?',
    types: ['JobId', 'string'],
    ack: 'CancelAnswer',
    meaning: 'End a job. One that waits is over at once; one that runs, when its drone says so.',
  },
  many: { args: 'messages', types: ['ManyMessages'], ack: 'a list of answers', meaning: MANY },
};

export const queenToCallerNotes = {
  'job:info': { args: 'id, data', types: ['JobId', 'JobInfo'], meaning: 'The answer to `job:query-info`.' },
  'job:summary': {
    args: 'id, summary',
    types: ['JobId', 'JobSummary'],
    meaning: 'To who watches the queue: a job is new, or has changed.',
  },
  'job:hook': {
    args: 'key, place, notice?',
    types: ['HookKey', 'NoticePlace', 'JobNotice'],
    meaning: 'A notice that was asked for with `hooks:watch`; without it only a place: nothing wanted came for a while.',
  },
  'drone:joined': { args: 'drone', types: ['DroneSummary'], meaning: 'To who watches the queue: a drone has come.' },
  'drone:changed': { args: 'drone', types: ['DroneSummary'], meaning: 'To who watches the queue: something of a drone has changed.' },
  'drone:died': { args: 'id', types: ['DroneId'], meaning: 'To who watches the queue: a drone is gone. Said once.' },
  'drone:forgotten': { args: 'id', types: ['DroneId'], meaning: 'To who watches the queue: a drone that was gone is not known any more.' },
  'schedule:changed': {
    args: 'schedule',
    types: ['Schedule'],
    meaning: 'To who watches the queue: a schedule is new, was changed, or a time or a job of it has come to something.',
  },
  'schedule:removed': {
    args: 'name',
    types: ['ScheduleName'],
    meaning: 'To who watches the queue: there is no schedule of this name any more.',
  },
  'platform:changed': { args: 'platform', types: ['Platform'], meaning: 'To who watches the queue: a platform was dropped or restored.' },
  many: { args: 'messages', types: ['ManyMessages'], meaning: MANY },
};

/** What is said in either namespace outside the tables of messages. */
export const otherNotes = {
  'job:frame': {
    args: 'frame',
    types: ['WatchFrame'],
    meaning:
      'To who watches with `{frames: true}`, in place of the single events. Answer each (call its ack): the queen sends no more than a window of unanswered ones.',
  },
  'error:invalid': {
    args: 'event, error, id?',
    types: ['string', 'ErrorBody', 'JobId'],
    meaning:
      'What you said under this name was not understood or not allowed, and was ignored. Sent where no answer was asked for. With `job:watch` and an id: this watch has failed since and is over.',
  },
};
