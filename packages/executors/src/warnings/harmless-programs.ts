import { type Invocation, isWrapper } from './invocation.ts';

/** Programs whose failure nobody waits for, by what they do: what they print is all there is to them. */
const HARMLESS: ReadonlySet<string> = new Set(
  [
    'echo printf cat tac nl head tail yes seq true : sleep tee less more man',
    'cd pushd popd pwd test [ set export declare local read return exit shift break continue unset',
    'ls tree find fd stat file du df basename dirname realpath readlink which type whereis',
    'grep egrep fgrep zgrep rg ag sed awk gawk cut tr sort uniq wc rev fold fmt paste join comm',
    'diff cmp column expand shuf split jq yq strings base64 xxd od hexdump bc expr openssl',
    'md5sum sha1sum sha256sum sha512sum shasum cksum zcat bzcat xzcat gunzip',
    'date cal printenv alias history jobs id whoami groups who w uname hostname uptime',
    'free nproc lscpu lsblk lsof ps top pgrep pidof ss netstat ip ifconfig dmesg journalctl',
    'systemctl getent locale ulimit vmstat iostat',
  ].flatMap((line) => line.split(' ')),
);

/** Of these programs only commands that list or show something are harmless. */
const SHOWING: ReadonlyMap<string, RegExp> = new Map([
  [
    'git',
    /^(?:log|status|diff|show|branch|tag|remote|describe|config|blame|shortlog|grep|reflog|ls-.*|rev-.*)$/,
  ],
  ['docker', /^(?:ps|images|logs|inspect|info|version|stats|container|image|network|volume)$/],
  ['podman', /^(?:ps|images|logs|inspect|info|version|stats|container|image|network|volume)$/],
  ['kubectl', /^(?:get|describe|logs|top|config|version|api-resources)$/],
  ['npm', /^(?:ls|list|view|info|config|outdated|root|bin|search)$/],
  ['pnpm', /^(?:ls|list|why|config|outdated|root|bin)$/],
  ['yarn', /^(?:list|info|why|config|bin)$/],
  ['pip', /^(?:list|freeze|show|config)$/],
  ['pip3', /^(?:list|freeze|show|config)$/],
  ['brew', /^(?:list|info|search|outdated)$/],
  ['apt', /^(?:list|show|search|policy)$/],
  ['apt-cache', /./],
  ['dpkg', /^-[lLsS]/],
  ['rpm', /^-q/],
  ['gh', /./],
  ['tar', /^-?[jzvf]*t/],
]);

/** True for what hardly fails, or what nobody expects anything of but its output. */
export function isHarmless({ program, args }: Invocation): boolean {
  if (HARMLESS.has(program) || isWrapper(program)) return true;
  if (args.some((arg) => /^(?:--version|--help|-V)$/.test(arg))) return true;
  return SHOWING.get(program)?.test(args[0] ?? '') === true;
}
