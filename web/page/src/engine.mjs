// Runs commands of the engine in a Worker, one after the other.

import { unpack } from './packed.mjs';

/** A run that was stopped by the user, or because its result is not needed any more. */
export class Cancelled extends Error {}

/** A fault of the engine itself. The next run has a new instance. */
export class EngineFault extends Error {}

/** Compiles the engine, which is part of the page. */
export async function loadEngine() {
  return WebAssembly.compile(await unpack('engine').arrayBuffer());
}

/** The address of the script of the Workers. */
let workerAddress;

function createWorker(module) {
  workerAddress ??= URL.createObjectURL(new Blob(
    [document.getElementById('worker').textContent], { type: 'text/javascript' }));
  const worker = new Worker(workerAddress);
  worker.postMessage({ module });
  return worker;
}

export class Engine {
  /** `module` is the result of `loadEngine`. */
  constructor(module) {
    this.module = module;
    this.worker = null;
    this.jobs = [];
  }

  /** The commands of the engine, and what it lacks. */
  describe() {
    return this.#add({ message: { describe: true } }).then(({ result }) => result);
  }

  /**
   * Runs a command. `request` is that of the engine's `run`, `output` a kind in `worker.mjs`.
   * `onRows` gets parts of the rows, and `onProgress` the number of bytes that are read. Resolves
   * to `{ result, output }`. Throws `Cancelled` or `EngineFault`.
   */
  run({ request, sources, output, onRows, onProgress }) {
    return this.#add({ message: { request, sources, output }, onRows, onProgress });
  }

  /** Stops the current run and drops those that wait. */
  cancel() {
    if (this.jobs.length > 0) this.#reset(new Cancelled());
  }

  #add(job) {
    return new Promise((resolve, reject) => {
      this.jobs.push({ ...job, resolve, reject });
      if (this.jobs.length === 1) this.#start();
    });
  }

  #start() {
    const [job] = this.jobs;
    if (!job) return;
    this.worker ??= createWorker(this.module);
    this.worker.onmessage = ({ data }) => this.#receive(job, data);
    this.worker.onerror = (event) => this.#fail(event.message ?? '');
    this.worker.postMessage(job.message);
  }

  #receive(job, { kind, ...data }) {
    if (kind === 'progress') job.onProgress?.(data.bytes);
    else if (kind === 'rows') job.onRows(data.rows);
    else if (kind === 'failed') this.#fail(data.message);
    else {
      this.jobs.shift();
      job.resolve(data);
      this.#start();
    }
  }

  /** Ends the current run with a fault. Its memory may be damaged, so the instance is dropped. */
  #fail(message) {
    const job = this.jobs.shift();
    this.#drop();
    job?.reject(new EngineFault(message));
    this.#start();
  }

  #reset(error) {
    this.#drop();
    for (const job of this.jobs.splice(0)) job.reject(error);
  }

  #drop() {
    this.worker?.terminate();
    this.worker = null;
  }
}
