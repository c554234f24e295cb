/** package-lock.json, version 3, as far as it is read here. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** One entry of a lockfile; its key is the path it is installed at. */
export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** An optional package that some locked package names and the lockfile does not hold. */
export interface MissingPackage {
  readonly path: string;
  readonly entry: LockedPackage;
}

const OPERATING_SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const EXACT_VERSION = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/**
 * Optional packages that npm left out of the lockfile: it drops those that the registry in use does
 * not carry (mirrors often lack other platforms' binaries), and `npm ci` then refuses the lockfile
 * on every machine. The entries state version and platform; their integrity is unknown here.
 */
export function missingOptionalPackages({ packages }: Lockfile): MissingPackage[] {
  const missing = new Map<string, LockedPackage>();
  const versionAt = (path: string) => (packages[path] ?? missing.get(path))?.version;
  for (const [owner, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const places = lookupPath(owner).map((folder) => `${folder}node_modules/${name}`);
      const nearest = places.find((place) => versionAt(place) !== undefined);
      if (nearest !== undefined && isAccepted(versionAt(nearest), version)) continue;
      // As high as possible, like npm, without hiding another version.
      const free = places.slice(0, nearest === undefined ? undefined : places.indexOf(nearest)).at(-1);
      if (free === undefined)
        throw new Error(`Cannot complete the lockfile: no place for ${name}@${version} of ${owner}`);
      missing.set(free, platformEntry(name, version, dev));
    }
  }
  return [...missing].map(([path, entry]) => ({ path, entry }));
}

/** Folders in which Node looks for the dependencies of the package at `path`, nearest first. */
function lookupPath(path: string): string[] {
  const parents = path.split("/node_modules/");
  return [...parents.keys()]
    .map((level) => `${parents.slice(0, parents.length - level).join("/node_modules/")}/`)
    .concat("");
}

/** Ranges are npm's affair: what it locked for one is right. Exact versions must be equal. */
function isAccepted(locked: string | undefined, wanted: string): boolean {
  return locked === wanted || !EXACT_VERSION.test(wanted);
}

function platformEntry(name: string, version: string, dev: boolean | undefined): LockedPackage {
  if (!EXACT_VERSION.test(version))
    throw new Error(`Cannot complete the lockfile: ${name} is wanted as "${version}", not an exact version`);
  const words = name.split(/[-/]/);
  const os = OPERATING_SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.includes("musl") || words.includes("linuxmusl") ? ["musl"] : undefined;
  return {
    version,
    ...(dev === true ? { dev: true } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(libc === undefined ? {} : { libc }),
  };
}
