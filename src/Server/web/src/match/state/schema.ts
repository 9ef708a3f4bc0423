/** One field of a table: the value is the number sent times `scale`; scale 0 means that it is not a number. */
export interface Field {
    name: string;
    scale: number;
}

/** Fields of each table in the order of a row's mask bits. */
export type Schema = ReadonlyMap<string, readonly Field[]>;

/** A frame that does not follow the protocol; the message says where. */
export class ProtocolError extends Error {}

/** Reads the schema of the hello frame: by table a list of `[name, scale]` or `{name, scale}`. */
export function readSchema(source: unknown): Schema {
    const schema = new Map<string, Field[]>();
    for (const [table, listed] of entries(source)) {
        if (!Array.isArray(listed)) throw new ProtocolError(`schema: fields of ${table} are not a list`);
        if (listed.length > 31) throw new ProtocolError(`schema: ${table} has ${listed.length} fields; a mask holds 31`);
        schema.set(
            table,
            listed.map((field: unknown, at) => readField(table, at, field)),
        );
    }
    return schema;
}

function entries(source: unknown): [string, unknown][] {
    if (Array.isArray(source)) return source.map(row => [String(row?.[0]), row?.[1]]);
    if (typeof source === "object" && source !== null) return Object.entries(source);
    throw new ProtocolError("schema: neither a map nor a list of tables");
}

function readField(table: string, at: number, field: unknown): Field {
    if (Array.isArray(field) && typeof field[0] === "string") return { name: field[0], scale: Number(field[1] ?? 1) };
    if (typeof field === "object" && field !== null && "name" in field)
        return { name: String(field.name), scale: "scale" in field ? Number(field.scale) : 1 };
    throw new ProtocolError(`schema: field ${at} of ${table} is neither [name, scale] nor {name, scale}`);
}
