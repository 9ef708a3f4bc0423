import { type Field, ProtocolError } from "./schema";

/** A value of a row: a number with its scale applied, or what a field of scale 0 was sent as. */
export type Value = number | boolean | string | null | readonly Value[] | Uint8Array;

/** The rows of one table as the last frame left them. */
export class Table {
    readonly name: string;
    readonly fields: readonly Field[];
    readonly rows = new Map<number, Value[]>();
    private readonly places = new Map<string, number>();

    constructor(name: string, fields: readonly Field[]) {
        this.name = name;
        this.fields = fields;
        fields.forEach((field, at) => {
            this.places.set(field.name, at);
        });
    }

    /** Place of a field in a row, -1 if the server does not send it. */
    place(field: string): number {
        return this.places.get(field) ?? -1;
    }

    /** The field as a number; `otherwise` where there is no such row or field. */
    number(id: number, field: string, otherwise = 0): number {
        const value = this.value(id, field);
        return typeof value === "number" ? value : value === true ? 1 : otherwise;
    }

    /** The field as a list; empty where there is no such row or field. */
    list(id: number, field: string): readonly Value[] {
        const value = this.value(id, field);
        return Array.isArray(value) ? value : value instanceof Uint8Array ? [...value] : [];
    }

    value(id: number, field: string): Value | undefined {
        const place = this.place(field);
        return place < 0 ? undefined : this.rows.get(id)?.[place];
    }

    /** Takes over `[gone, rows]` of a frame. A full one replaces every row. */
    apply(gone: unknown, rows: unknown, full: boolean): void {
        if (!Array.isArray(rows)) throw new ProtocolError(`${this.name}: rows are not a list`);
        if (full) this.rows.clear();
        else if (Array.isArray(gone)) for (const id of gone) this.rows.delete(Number(id));
        for (const row of rows) this.applyRow(row);
    }

    private applyRow(sent: unknown): void {
        if (!Array.isArray(sent) || sent.length < 2) throw new ProtocolError(`${this.name}: a row without id and mask`);
        const id = Number(sent[0]);
        const mask = Number(sent[1]);
        let row = this.rows.get(id);
        if (!row) {
            row = this.fields.map(field => (field.scale === 0 ? null : 0));
            this.rows.set(id, row);
        }
        let next = 2;
        for (let at = 0; at < this.fields.length; at++) {
            if ((mask & (1 << at)) === 0) continue;
            if (next >= sent.length) throw new ProtocolError(`${this.name} ${id}: fewer values than its mask names`);
            row[at] = scaled(sent[next++], this.fields[at]!.scale);
        }
        if (next !== sent.length) throw new ProtocolError(`${this.name} ${id}: more values than its mask names`);
    }
}

function scaled(value: unknown, scale: number): Value {
    if (typeof value === "number") return scale === 0 ? value : value * scale;
    if (typeof value === "bigint") return Number(value) * (scale === 0 ? 1 : scale);
    if (Array.isArray(value)) return value.map(item => scaled(item, scale));
    return value as Value;
}
