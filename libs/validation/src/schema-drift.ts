/** What a valid document holds beyond the pinned version: accepted, and worth a metric before it is worth an incident. */

export interface SchemaDrift {
  /** Members that the types do not name, and members that they require and that are missing or of another type. */
  unknownFields: number;
  unknownEnums: number;
}

/** Adds to `drift`. */
export function countUnknownFields(value: object, known: ReadonlySet<string>, drift: SchemaDrift): void {
  for (const name of Object.keys(value)) if (!known.has(name)) drift.unknownFields += 1;
}
