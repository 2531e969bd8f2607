import { Drone, type DroneOptions } from '../../src/index.js';
import { TestQueen } from './TestQueen.js';
import { TempFolder } from './waiting.js';

/** A queen, a data folder, and the drones of a test; all of it ends with the test. */
export class Hive implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly drones: Drone[] = [];

  private constructor(readonly queen: TestQueen) {}

  static async start(): Promise<Hive> {
    return new Hive(await new TestQueen().start());
  }

  /** The path of a file that the test and its jobs share. */
  path(name: string): string {
    return `${this.folder.path}/${name}`;
  }

  async drone(options: Partial<DroneOptions> = {}): Promise<Drone> {
    const drone = new Drone({ queen: this.queen.url, dataDir: this.path('data'), speed: 5, capacity: 2, graceMs: 300, ...options });
    this.drones.push(drone);
    await drone.start();
    return drone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const drone of this.drones) {
      drone.cancelAll('the test is over');
      await drone.stop();
    }
    await this.queen.stop();
    this.folder[Symbol.dispose]();
  }
}
