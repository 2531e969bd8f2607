import { parentPort, workerData } from 'node:worker_threads';
import { LineScanner, type ScanOptions, type SearchPage } from './LineScanner.js';
import { END, type SearchReply } from './messages.js';

// The script of a thread that searches the output of one attempt.
const port = parentPort;
if (!port) throw new Error('This is the script of a worker thread');

const scanner = new LineScanner(workerData as ScanOptions);
port.on('message', (message: SearchPage | typeof END) => {
  const reply: SearchReply = message === END ? { ...scanner.end(), isFull: true } : { hits: scanner.scan(message), isFull: scanner.isFull };
  port.postMessage(reply);
});
