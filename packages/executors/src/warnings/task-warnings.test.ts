import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../test/cpu-ms.ts';
import { taskWarnings } from './task-warnings.ts';

const LIMITED = { input: null, timeoutMs: 1_000 };

function warningsOf(command: string, more: object = {}): readonly string[] {
  const warnings = taskWarnings({ config: { command }, ...LIMITED, ...more });
  for (const { path, message } of warnings) {
    expect(path).toBe('config.command');
    expect(message.length).toBeLessThan(400);
  }
  return warnings.map(({ message }) => message);
}

describe('commands that nobody is warned of', () => {
  it.each([
    'npm test',
    'npm ci && npm run build && npm test',
    'make -j"$(nproc)" 2>&1',
    'make > build.log 2>&1 || { tail -50 build.log; exit 1; }',
    'echo ${tasks.a.output.stdout}',
    'wc -c | tr -d " \\n"',
    'expr ${tasks.count.output.stdout} + 2; echo done >&2',
    'cat access.log | grep 500 | sort | uniq -c | sort -rn | head -20',
    'ls -la | head',
    'git log --oneline -n 5 | cat',
    'git status --porcelain | wc -l',
    'docker ps | grep web',
    'kubectl get pods | grep -v Running',
    'npm ls | head',
    'ps aux | grep node',
    'find . -name "*.js" | xargs -n 10 grep -l foo | head',
    'sudo -n cat /var/log/syslog | tail',
    'find . -name "*.ts" | sort > files.txt',
    'find . -name "*.tmp" -print0 | xargs -0 rm -f',
    'for f in *.csv; do wc -l "$f"; done | sort -n',
    'node --version | cut -c2-',
    'yes | apt-get install jq',
    'echo "$PASSWORD" | sudo -S systemctl restart web',
    'printf "%s\\n" a b | while read -r x; do echo "$x"; done',
    'while read -r line; do echo "$line"; done < input.txt',
    'while IFS= read -r line; do echo "$line"; done <<EOF\na\nEOF',
    'read -r version < VERSION && echo "$version"',
    'exec < data.txt; read -r first; echo "$first"',
    'ask() { read -r answer; echo "$answer"; }; echo yes | ask',
    'set -euo pipefail; npm test | tee test.log',
    'set -o pipefail\nnpm test 2>&1 | tail -20',
    'bash -o pipefail -c "npm test | tail -20"',
    'bash -c "set -o pipefail; npm test | tail -20"',
    'npm test | tee log; exit ${PIPESTATUS[0]}',
    'if npm outdated | grep -q react; then echo old; fi',
    'curl -fsS https://example.org/health | grep -q ok',
    'while ./check | grep -q busy; do sleep 1; done',
    '! ./lint | grep -q error',
    'rm -rf build || true',
    './report | mail -s x me@example.org || true',
    'version=$(git describe --tags | sed s/^v//)',
    'token=$(curl -s https://example.org | jq -r .token); test -n "$token"',
    'server & pid=$!; npm test; kill $pid',
    'for f in a b c; do compress "$f" & done; wait',
    'trap "kill 0" EXIT; ./server & ./client',
    'setsid ./daemon > /dev/null 2>&1 &',
    'command > out.txt 2>&1',
    'a && b || c',
    'echo "a & b | c"',
    "echo 'run vim & then top | less'",
    '# vim & top\nls',
    'apt-get install -y vim less',
    'apt-get update -q && apt-get -y install git',
    'DEBIAN_FRONTEND=noninteractive apt-get -qq install curl',
    'which vim || command -v nano',
    'type less; man ls | head',
    'top -b -n 1 | head -20',
    'top -bn1',
    'ssh host uptime',
    'ssh -p 2222 -i key user@host "systemctl restart web"',
    'ssh -N -L 8080:localhost:80 host',
    'ssh host <<EOF\nuptime\nEOF',
    'cat script.sh | ssh host',
    'ssh -T git@github.com',
    'sudo -n systemctl restart web',
    'git commit -m "fix"',
    'git commit -am fix',
    'git -C repo commit --amend --no-edit',
    'GIT_SEQUENCE_EDITOR=true git rebase -i HEAD~3',
    'git tag v1.0.0',
    'git tag -a v1 -m v1',
    'git add . && git commit -F message.txt && git push',
    'docker run --rm -i image ls',
    'docker run -d -t image',
    'docker exec web ls -t',
    'docker run image sh -c "ls -t"',
    'vim -es -c "%s/a/b/" -c wq file',
    'emacs --batch -f org-export',
    'python3 script.py',
    'python3 -c "print(1)"',
    'python3 <<EOF\nprint(1)\nEOF',
    'node -e "1"',
    'bash script.sh',
    'bash <(curl -s https://example.org)',
    'psql -c "select 1"',
    'psql < dump.sql',
    'sqlite3 data.db "select 1"',
    'mysql -e "select 1"',
    'npm init -y',
    'tmux new-session -d -s work "make"',
    'watch -g ls',
    'timeout 60 npm test',
    'nohup ./run.sh > log 2>&1',
    'env CI=1 npm test',
    'case "$1" in a) ls;; b) pwd;; esac',
    '[[ -f x ]] && cat x',
    'echo "unclosed',
    'if then fi | & ;;',
    ')))(((',
    '',
  ])('%s', (command) => {
    expect(warningsOf(command)).toEqual([]);
  });

  it('read what the task is given', () => {
    for (const command of ['read -r x; echo "$x"', 'python3', 'psql', 'ssh host']) {
      expect(warningsOf(command, { input: 'x' })).toEqual([]);
    }
  });
});

describe('a pipeline that hides an exit code', () => {
  it.each([
    ['npm test | tee test.log', 'npm test', 'tee test.log'],
    ['npm test 2>&1 | tail -20', 'npm test 2>&1', 'tail -20'],
    ['cd app && cargo build 2>&1 | grep -v warning', 'cargo build 2>&1', 'grep -v warning'],
    ['pytest -q | cat', 'pytest -q', 'cat'],
    ['mysqldump shop | gzip > shop.gz', 'mysqldump shop', 'gzip > shop.gz'],
    ['curl -s https://example.org/install.sh | sh', 'curl -s https://example.org/install.sh', 'sh'],
    ['cat x | ./convert | sort', './convert', 'sort'],
    ['(cd app && make) | tee log', '(cd app && make)', 'tee log'],
    ['for d in a b; do make -C "$d"; done | tail', 'for d in a b; do make -C "$d"; done', 'tail'],
    ['if true; then npm test | tail; fi', 'npm test', 'tail'],
    ['./build ${tasks.a.output} | tail', './build ${tasks.a.output}', 'tail'],
    ['npm test | tail -5 && echo fine', 'npm test', 'tail -5'],
    ['npm test | tail -5 || exit 1', 'npm test', 'tail -5'],
    ['ls | xargs -n1 ./convert | sort', 'xargs -n1 ./convert', 'sort'],
    ['sudo -n make install | tail', 'sudo -n make install', 'tail'],
    ['bash -lc "npm test | tail -20"', 'npm test', 'tail -20'],
  ])('%s', (command, hidden, last) => {
    const [warning, ...others] = warningsOf(command);
    expect(others).toEqual([]);
    expect(warning).toContain(`if \`${hidden}\` fails, the task succeeds all the same`);
    expect(warning).toContain(`here \`${last}\``);
  });

  it('is mended by leaving out what only keeps or shortens the output', () => {
    expect(warningsOf('npm test | tail -20')[0]).toContain('leave that out');
    expect(warningsOf('dump | gzip')[0]).toContain('"-o", "pipefail"');
  });
});

describe('what is left in the background', () => {
  it.each([
    ['npm run dev &', 'npm run dev &'],
    ['nohup ./server > log 2>&1 &', 'nohup ./server > log 2>&1 &'],
    ['./server & sleep 1; curl localhost', './server &'],
    ['(./server &)', './server &'],
    ['a && b &', 'a && b &'],
    ['sh -c "./server &"', './server &'],
  ])('%s', (command, left) => {
    const [warning, ...others] = warningsOf(command);
    expect(others).toEqual([]);
    expect(warning).toContain(`\`${left}\` is ended when the command is`);
  });

  it('may be what was meant as a redirection', () => {
    expect(warningsOf('make &> build.log')[0]).toMatch(/^some \/bin\/sh .*&> build\.log/);
  });
});

describe('programs that want somebody at a terminal', () => {
  it.each([
    'vim notes.txt',
    '/usr/bin/nano notes.txt',
    'sudo -n vim /etc/hosts',
    'less README.md',
    'git log | less',
    'top',
    'timeout 10 top',
    'htop',
    'watch -n 1 ls',
    'ssh host',
    'ssh -p 22 user@host',
    'sudo apt-get install -y jq',
    'sudo -u postgres psql -c "select 1"',
    'su - postgres',
    'read -p "Continue? " answer',
    'read answer',
    'if read -p "Sure? " -r x; then ls; fi',
    'passwd',
    'crontab -e',
    'apt-get install jq',
    'git commit',
    'git commit --amend',
    'git rebase -i HEAD~3',
    'git add -p',
    'docker run -it ubuntu bash',
    'docker exec -it web sh',
    'python3',
    'bash',
    'psql shop',
    'sqlite3 data.db',
    'npm init',
    'tmux',
    'bash -c "vim x"',
    'echo "$(ssh host)"',
  ])('%s', (command) => {
    const [warning, ...others] = warningsOf(command);
    expect(others).toEqual([]);
    expect(warning).toContain('wants somebody at a terminal');
  });

  it('are found when started without a shell, too', () => {
    const found = (command: string, ...args: string[]) =>
      taskWarnings({ config: { command, args }, ...LIMITED });
    expect(found('vim', 'x')).toEqual([
      { path: 'config.args', message: expect.stringContaining('`vim x` wants somebody') },
    ]);
    expect(found('bash', '-c', 'npm test | tail')).toEqual([
      { path: 'config.args', message: expect.stringContaining('`npm test` fails') },
    ]);
    expect(found('bash', '-o', 'pipefail', '-c', 'npm test | tail')).toEqual([]);
    expect(found('echo', 'a | b & c')).toEqual([]);
  });
});

describe('a task', () => {
  it('without a time limit is warned of', () => {
    const warnings = taskWarnings({ config: { command: 'ls' }, input: null, timeoutMs: null });
    expect(warnings).toEqual([
      { path: 'timeout_secs', message: expect.stringContaining('no time limit') },
    ]);
  });

  it('is warned of once for each kind', () => {
    const command = 'npm test | tail; make | tail; vim a; nano b; x & y &';
    expect(warningsOf(command)).toHaveLength(3);
  });

  it('is not looked at when its command is very long, and nothing makes it slow or throw', () => {
    expect(warningsOf('vim x; '.repeat(5_000))).toEqual([]);
    for (const part of ['$(', '((', '"', '`', '{ ', 'case x in ', '<<A\n', 'sh -c "', '${x:-']) {
      const command = part.repeat(16_000 / part.length);
      expect(cpuMsOf(() => warningsOf(command))).toBeLessThan(1_000);
    }
  });
});
