/**
 * What is sound in a record that has not the pinned shape. A defect costs what it touches: a member that no total
 * depends on is left out and named; a defect in a member that the record's plan calls essential costs the record. Pure.
 */
import type { Validate } from './checker.ts';
import { type GeneratedError, issueFrom, jsonTypeOf, type ValidationIssue } from './validation-issue.ts';

export type Salvage<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** What came and was left out; a required member that did not come at all is not among them. */
      readonly dropped: readonly ValidationIssue[];
      /** Required members that did not come. */
      readonly missing: number;
    }
  | { readonly ok: false; readonly issue: ValidationIssue };

type Json = Readonly<Record<string, unknown>>;

/** Of one kind of record. */
export interface Plan {
  /** Wrong, they cost the record. */
  readonly essential: ReadonlySet<string>;
  /** What stands for a required member that did not come, or came and is left out. */
  readonly standIns: Json;
  /** The same for members of members; one that is in neither list may simply be absent. */
  readonly innerStandIns: Readonly<Record<string, Json>>;
  /** Members without which the object that holds them says nothing. */
  readonly innerEssential: Readonly<Record<string, ReadonlySet<string>>>;
}

/** A member left out may have hidden another fault from the validator, so it is asked again; a third time it has no news. */
const MAX_ROUNDS = 3;

/** @param record from `parseExact`, refused by `validate` */
export function salvage<T>(record: unknown, validate: Validate<T>, plan: Plan): Salvage<T> {
  const dropped: ValidationIssue[] = [];
  let missing = 0;
  let value = record;
  for (let round = 0; ; round += 1) {
    const result = validate(value);
    if (result.success) return { ok: true, value: result.data, dropped, missing };
    const refusing =
      round === MAX_ROUNDS ? result.errors[0] : result.errors.find((error) => isFatal(error, value, plan));
    if (refusing !== undefined || jsonTypeOf(value) !== 'object') {
      return { ok: false, issue: issueFrom(refusing === undefined ? result.errors : [refusing], value) };
    }
    const cured = cure(value as Json, result.errors, plan);
    dropped.push(...cured.dropped);
    missing += cured.missing;
    value = cured.value;
  }
}

function isFatal(error: GeneratedError, value: unknown, plan: Plan): boolean {
  const [name] = stepsOf(error.path);
  if (name === undefined || jsonTypeOf(value) !== 'object') return true;
  if (!plan.essential.has(name)) return false;
  const members = value as Json;
  if (Object.hasOwn(members, name) || !Object.hasOwn(plan.standIns, name)) return true;
  // It did not come; but where bytes were damaged, one of the unreadable names may have been its own.
  return Object.keys(members).some((own) => !own.isWellFormed());
}

/** `$input.counterparties[0].name` to `counterparties`, `0`, `name`: our wire types have no other names. */
function stepsOf(path: string): readonly string[] {
  return path.slice('$input'.length).match(/[^.[\]]+/g) ?? [];
}

interface Cured {
  readonly value: Json;
  readonly dropped: readonly ValidationIssue[];
  readonly missing: number;
}

/** The record without what the errors name. */
function cure(value: Json, errors: readonly GeneratedError[], plan: Plan): Cured {
  const byMember = Map.groupBy(errors, ({ path }) => stepsOf(path)[0] ?? '');
  const sound: Record<string, unknown> = { ...value };
  const dropped: ValidationIssue[] = [];
  let missing = 0;
  for (const [name, own] of byMember) {
    const kept = soundPart(
      value[name],
      own.map(({ path }) => stepsOf(path).slice(1)),
      plan.innerStandIns[name] ?? {},
      plan.innerEssential[name] ?? nothing,
    );
    if (kept !== undefined) sound[name] = kept;
    else if (Object.hasOwn(plan.standIns, name)) sound[name] = plan.standIns[name];
    else delete sound[name];
    // One wrong number is several errors: of the class that holds numbers.
    const issues = new Map(own.map((error) => issueFrom([error], value)).map((issue) => [issue.path, issue])).values();
    const lost = kept === undefined && Object.hasOwn(value, name);
    if (lost) dropped.push({ path: `$input.${name}`, expected: 'a sound value', received: jsonTypeOf(value[name]) });
    for (const issue of issues) {
      const isNone = issue.received === 'absent' && !plan.innerEssential[name]?.has(stepsOf(issue.path).at(-1) ?? '');
      if (isNone) missing += lost ? 0 : 1;
      else if (!lost) dropped.push(issue);
    }
  }
  return { value: sound, dropped, missing };
}

const nothing: ReadonlySet<string> = new Set();

/** What is left of a member of which some inner members are wrong; `undefined` for nothing. */
function soundPart(
  member: unknown,
  wrong: readonly (readonly string[])[],
  standIns: Json,
  essential: ReadonlySet<string>,
): unknown {
  if (wrong.some(([inner]) => inner === undefined)) return undefined;
  if (Array.isArray(member)) {
    if (wrong.some(([index = '']) => !Object.hasOwn(member, index))) return undefined; // a list where an object belongs
    return member.flatMap((element, index) => {
      const own = wrong.filter(([at]) => at === String(index)).map(([, ...inner]) => inner);
      const kept = own.length === 0 ? element : soundPart(element, own, standIns, essential);
      return kept === undefined ? [] : [kept];
    });
  }
  if (jsonTypeOf(member) !== 'object') return undefined;
  const sound: Record<string, unknown> = { ...(member as Json) };
  for (const [inner = ''] of wrong) {
    if (essential.has(inner)) return undefined;
    if (Object.hasOwn(standIns, inner)) sound[inner] = standIns[inner];
    else delete sound[inner];
  }
  return sound;
}
