import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newDirectory } from '../../test/data-directories.ts';
import { RunnerLocks } from './runner-locks.ts';

describe('the lock of a runner', () => {
  it('says that it lives, to every store of the process, until it is released', async () => {
    const { directory, locks } = setUp();
    const others = openLocks(directory);
    await locks.hold('r_1');
    for (let look = 0; look < 3; look++) {
      expect([locks.isDead('r_1'), others.isDead('r_1')]).toEqual([false, false]);
    }
    expect([locks.holds('r_1'), others.holds('r_1')]).toEqual([true, false]);
    locks.release('r_1');
    expect([locks.isDead('r_1'), others.isDead('r_1')]).toEqual([true, true]);
  });

  it('is not released by a store that does not hold it', async () => {
    const { directory, locks } = setUp();
    await locks.hold('r_1');
    openLocks(directory).release('r_1');
    openLocks(directory).releaseAll();
    expect(locks.isDead('r_1')).toBe(false);
  });

  it('cannot be held twice', async () => {
    const { directory, locks } = setUp();
    await locks.hold('r_1');
    await expect(locks.hold('r_1')).rejects.toMatchObject({ code: 'already_exists' });
    await expect(openLocks(directory).hold('r_1')).rejects.toMatchObject({
      code: 'already_exists',
    });
    expect(locks.isDead('r_1')).toBe(false);
  });

  it('is missing when its file is: the runner is dead', () => {
    expect(setUp().locks.isDead('r_nobody')).toBe(true);
  });

  it('leaves no file behind when it is released', async () => {
    const { locks, fileOf } = setUp();
    await locks.hold('r_1');
    await locks.hold('r_2');
    expect(existsSync(fileOf('r_1'))).toBe(true);
    locks.release('r_1');
    locks.releaseAll();
    expect([existsSync(fileOf('r_1')), existsSync(fileOf('r_2'))]).toEqual([false, false]);
  });
});

describe('a lock file that somebody has meddled with', () => {
  it('is given up all the same, and so are the locks after it', async () => {
    const { directory, locks, fileOf } = setUp();
    await locks.hold('r_1');
    await locks.hold('r_2');
    rmSync(fileOf('r_1'));
    mkdirSync(fileOf('r_1'));
    locks.releaseAll();
    expect(existsSync(fileOf('r_2'))).toBe(false);
    rmdirSync(fileOf('r_1'));
    await openLocks(directory).hold('r_1');
  });
});

describe('sweeping lock files', () => {
  it('removes those of forgotten runners that nobody holds, and no others', async () => {
    const { directory, locks, fileOf } = setUp();
    await locks.hold('r_held');
    await openLocks(directory).hold('r_elsewhere');
    for (const id of ['r_known', 'r_forgotten']) writeFileSync(fileOf(id), '');
    writeFileSync(join(directory, 'README'), '');
    locks.sweep(new Set(['r_known']));
    const left = ['r_held', 'r_elsewhere', 'r_known', 'r_forgotten'].filter((id) =>
      existsSync(fileOf(id)),
    );
    expect(left).toEqual(['r_held', 'r_elsewhere', 'r_known']);
    expect(existsSync(join(directory, 'README'))).toBe(true);
    expect(locks.isDead('r_held')).toBe(false);
  });
});

function setUp() {
  const directory = newDirectory();
  return {
    directory,
    locks: openLocks(directory),
    fileOf: (id: string) => join(directory, `${id}.lock`),
  };
}

function openLocks(directory: string): RunnerLocks {
  const locks = new RunnerLocks(directory);
  onTestFinished(() => locks.releaseAll());
  return locks;
}
