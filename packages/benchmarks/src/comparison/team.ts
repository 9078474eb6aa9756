import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Figures } from './comparison.ts';
import type { Candidate } from './contender.ts';
import { HostedContender } from './hosted-contender.ts';
import { together } from './runners.ts';
import type { Site } from './site.ts';

/** How long one measurement may take before its contender has failed, in milliseconds. */
const PATIENCE_MS = 120_000;

/** As many processes as the largest measurement takes. */
type Hosts = readonly [HostedContender, HostedContender, HostedContender];

/** Three processes of one contender on one database. */
export class Team {
  readonly name: CandidateName;
  readonly hosts: Hosts;
  #failure: string | null = null;

  private constructor(name: CandidateName, hosts: Hosts) {
    this.name = name;
    this.hosts = hosts;
  }

  /** Starts the processes and warms them up. */
  static async open(name: CandidateName, site: Site): Promise<Team> {
    const place = await site.place(name);
    const host = () => new HostedContender(name, place);
    const team = new Team(name, [host(), host(), host()]);
    await team.measure(async ({ hosts, candidate }) => {
      await hosts[0].ask('warmUp', {});
      if (candidate.scope === 'everything') {
        await together(hosts, { jobs: Math.ceil(candidate.jobs / 8), slots: 500 });
      }
      return {};
    });
    return team;
  }

  get candidate(): Candidate {
    return CANDIDATES[this.name];
  }

  /** What it could not do; nothing is asked of it from then on. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Null when it has failed, now or before. */
  async measure(measure: (team: Team) => Promise<Figures>): Promise<Figures | null> {
    if (this.#failure !== null) return null;
    try {
      return await withinPatience(measure(this));
    } catch (error) {
      this.#failure = String(error);
      console.error(error);
      return null;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.kill()));
  }
}

async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
