import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { rooms, type Floors, type Room } from './rooms.ts';

/** One import of a file. */
export interface Import {
  /** Path of the importing file from the root of the checkout, with forward slashes. */
  readonly from: string;
  readonly specifier: string;
  readonly isTypeOnly: boolean;
}

/** The "imports" of package.json. */
const aliases: readonly (readonly [prefix: string, folder: string])[] = [
  ['#shared/', 'src/shared/'],
  ['#engine/', 'src/main/engine/'],
  ['#hosts/', 'src/main/hosts/'],
];

/** Why an import breaks the rule of the rooms, as one sentence that says what to change; null if it does not. */
export function refuseImport({ from, specifier, isTypeOnly }: Import): string | null {
  const room = rooms.find((each) => each.files.test(from));
  if (room === undefined) return `${from} is in no room: move it into a folder that scripts/lint/rooms.ts lists, or add its room there.`;
  const target = resolveFile(from, specifier);
  if (target !== null) return refuseFile(room, target, isTypeOnly) ?? (isOf(room, target) ? refuseFloor(room, from, target) : null);
  if (isBuiltin(specifier)) return room.node ? null : `${room.name} may not import ${specifier}: Node does not exist where it runs.`;
  return refusePackage(room, packageName(specifier));
}

function refuseFile(room: Room, target: string, isTypeOnly: boolean): string | null {
  if (isOf(room, target) || room.mayImport.some((pattern) => pattern.test(target))) return null;
  if (room.mayImportTypes?.some((pattern) => pattern.test(target)) === true) {
    return isTypeOnly ? null : `${room.name} may import types only from ${target}: write "import type".`;
  }
  const owner = rooms.find((each) => each.files.test(target))?.name ?? 'no room';
  return `${room.name} may not import ${target} (${owner}): see the room's line in scripts/lint/rooms.ts.`;
}

/** Inside a room imports go down, from floor to floor. */
function refuseFloor({ floors }: Room, from: string, target: string): string | null {
  if (floors === undefined) return null;
  const [own, other] = [floorOf(floors, from), floorOf(floors, target)];
  for (const { folder, floor } of [own, other])
    if (floor === null) return `${floors.base}${folder} stands on no floor: give it one in scripts/lint/rooms.ts.`;
  if (own.folder === other.folder || (own.floor ?? 0) > (other.floor ?? 0)) return null;
  return `${from} may not import ${target}, which does not stand on a floor below it: see the floors in scripts/lint/rooms.ts.`;
}

function floorOf({ base, order, loose }: Floors, file: string): { readonly folder: string; readonly floor: number | null } {
  const folders = file.slice(base.length).split('/').slice(0, -1);
  // An area of the window is a folder below `features`.
  const folder = folders.slice(0, folders[0] === 'features' ? 2 : 1).join('/');
  if (folder === '') return { folder, floor: loose };
  const floor = order.findIndex((names) => names.includes(folder));
  return { folder, floor: floor === -1 ? null : floor };
}

function refusePackage(room: Room, name: string): string | null {
  if (room.packages.includes(name)) return null;
  const owners = rooms.filter((each) => each.packages.includes(name)).map((each) => each.name);
  if (owners.length > 0) return `${room.name} may not import ${name}: it is classified for ${owners.join(', ')} only.`;
  return `${room.name} may not import ${name}: the package is not classified. If it belongs to this room, add it in scripts/lint/rooms.ts.`;
}

function isOf(room: Room, target: string): boolean {
  return rooms.find((each) => each.files.test(target)) === room;
}

/** Path from the root of the checkout when the specifier names a file of it, or null. */
function resolveFile(from: string, specifier: string): string | null {
  const path = specifier.replace(/[?#][^/]*$/, '') || specifier;
  if (path.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), path));
  if (path.startsWith('/')) return path;
  const alias = aliases.find(([prefix]) => specifier.startsWith(prefix));
  return alias === undefined ? null : posix.normalize(alias[1] + specifier.slice(alias[0].length));
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
