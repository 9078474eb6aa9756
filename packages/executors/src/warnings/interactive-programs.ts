import { needsNobodyForGit } from './git-editor.ts';
import { hasOption, type Invocation, operandsOf, ownOptionsOf } from './invocation.ts';

/** Programs that want somebody at a terminal, and what to do instead. */
export interface InteractiveRule {
  readonly programs: readonly string[];
  /** True when it is called in a way that needs nobody. */
  readonly needsNobody: (invocation: Invocation) => boolean;
  readonly advice: string;
}

const SCRIPTED_EDITOR = /^(?:-[a-zA-Z]*[cesSE]|\+|--?(?:batch|script|eval|cmd|headless|daemon))/;

const CHANGES_PACKAGES =
  /^(?:install|upgrade|dist-upgrade|full-upgrade|remove|purge|autoremove|update)$/;

/** Options of ssh that have a value. */
const SSH_VALUED = 'BbcDEeFIiJLlmOopQRSWw';

export const INTERACTIVE_RULES: readonly InteractiveRule[] = [
  {
    programs: ['vi', 'vim', 'nvim', 'emacs', 'nano', 'pico', 'joe', 'micro', 'visudo', 'vipw'],
    needsNobody: ({ args }) => args.some((arg) => SCRIPTED_EDITOR.test(arg)),
    advice: 'change files with sed, or write them with a here-document',
  },
  {
    programs: ['less', 'more', 'most'],
    needsNobody: () => false,
    advice: 'print the text with cat, head or tail',
  },
  {
    programs: ['top'],
    needsNobody: ({ args }) => hasOption(args, 'bl'),
    advice: 'top -b -n 1 prints once and ends',
  },
  {
    programs: ['htop', 'btop', 'atop', 'nvtop', 'ncdu', 'mc', 'ranger', 'tig', 'lazygit', 'k9s'],
    needsNobody: ({ args }) => hasOption(args, 'o'),
    advice: 'use a program that prints and ends, such as ps, df, du or git log',
  },
  {
    programs: ['watch'],
    needsNobody: ({ args }) => hasOption(ownOptionsOf(args), 'ge', ['--chgexit', '--errexit']),
    advice: 'it repeats until somebody ends it; write a loop that ends',
  },
  {
    programs: ['tmux'],
    needsNobody: ({ args }) =>
      !/^(?:|a|at|attach.*|new.*)$/.test(args[0] ?? '') || hasOption(args, 'd'),
    advice: 'run the command itself: Tasked lets it run on and keeps what it prints',
  },
  {
    programs: ['screen'],
    needsNobody: ({ args }) => hasOption(args, 'dXlQ'),
    advice: 'run the command itself: Tasked lets it run on and keeps what it prints',
  },
  {
    programs: ['ssh'],
    needsNobody: ({ args, hasInput }) =>
      hasInput || hasOption(args, 'NVGQOWTf') || operandsOf(args, SSH_VALUED).length !== 1,
    advice: 'name the command to run on the other side: ssh HOST COMMAND',
  },
  {
    programs: ['telnet', 'ftp', 'sftp'],
    needsNobody: ({ args, hasInput }) => hasInput || hasOption(args, 'b'),
    advice: 'give it its commands on standard input, or use curl or scp',
  },
  {
    programs: ['sudo'],
    needsNobody: ({ args }) =>
      hasOption(ownOptionsOf(args), 'nSAkKl', ['--non-interactive', '--stdin', '--askpass']),
    advice: 'it may ask for a password; sudo -n fails at once instead',
  },
  {
    programs: ['su'],
    needsNobody: ({ args, hasInput }) => hasInput || hasOption(args, 'c', ['--command']),
    advice: 'name the command: su USER -c COMMAND',
  },
  {
    programs: ['passwd'],
    needsNobody: ({ args, hasInput }) => hasInput || hasOption(args, 'dluSe', ['--status']),
    advice: 'set passwords with chpasswd',
  },
  {
    programs: ['crontab'],
    needsNobody: ({ args }) => !hasOption(args, 'e'),
    advice: 'write the whole table: crontab FILE',
  },
  {
    programs: ['read'],
    needsNobody: ({ args, hasInput, isCondition }) =>
      hasInput || (isCondition && !hasOption(args, 'p')),
    advice: 'standard input is empty; give the task an input, or write the value into the command',
  },
  {
    programs: ['python', 'python3', 'node', 'irb', 'bash', 'sh', 'zsh', 'dash', 'ksh', 'fish'],
    needsNobody: ({ args, hasInput }) => hasInput || args.some((arg) => !/^-i?$/.test(arg)),
    advice: 'standard input is empty, so it does nothing; name a script',
  },
  {
    programs: ['psql'],
    needsNobody: ({ args, hasInput }) =>
      hasInput || hasOption(args, 'cfl', ['--command', '--file', '--list']),
    advice: 'pass the statements with -c, -f or on standard input',
  },
  {
    programs: ['mysql', 'mariadb'],
    needsNobody: ({ args, hasInput }) => hasInput || hasOption(args, 'e', ['--execute']),
    advice: 'pass the statements with -e or on standard input',
  },
  {
    programs: ['sqlite3'],
    needsNobody: ({ args, hasInput }) => hasInput || operandsOf(args).length !== 1,
    advice: 'pass the statements after the file, or on standard input',
  },
  {
    programs: ['docker', 'podman'],
    needsNobody: ({ args: [command, ...rest] }) => {
      if (command !== 'run' && command !== 'exec') return true;
      const options = ownOptionsOf(rest);
      return !hasOption(options, 't', ['--tty']) || hasOption(options, 'd', ['--detach']);
    },
    advice: 'leave out -t, which fails without a terminal',
  },
  {
    programs: ['apt', 'apt-get'],
    needsNobody: ({ args, hasInput }) =>
      hasInput ||
      !CHANGES_PACKAGES.test(operandsOf(args, 'ot')[0] ?? '') ||
      operandsOf(args, 'ot')[0] === 'update' ||
      hasOption(args, 'yqsd', ['--yes', '--assume-yes', '--dry-run', '--simulate']),
    advice: 'it may ask before it changes anything; add -y',
  },
  {
    programs: ['yum', 'dnf'],
    needsNobody: ({ args, hasInput }) =>
      hasInput ||
      !CHANGES_PACKAGES.test(operandsOf(args)[0] ?? '') ||
      hasOption(args, 'y', ['--assumeyes', '--assumeno']),
    advice: 'it asks before it changes anything; add -y',
  },
  {
    programs: ['npm', 'yarn', 'pnpm'],
    needsNobody: ({ args, hasInput }) =>
      hasInput ||
      !/^(?:init|login|adduser)$/.test(args[0] ?? '') ||
      hasOption(args, 'y', ['--yes']),
    advice: 'it asks questions; init -y takes the defaults, and a token in .npmrc needs no login',
  },
  {
    programs: ['git'],
    needsNobody: needsNobodyForGit,
    advice: 'it opens an editor or asks; say it all on the command line: git commit -m, git tag -m',
  },
];
