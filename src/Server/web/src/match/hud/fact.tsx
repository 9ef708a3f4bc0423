import type { JSX } from "preact";

/** A figure of a hero with its name, a row of `dl.m-stats`. */
export function Fact({ name, value, digits = 0, unit = "" }: { name: string; value: number; digits?: number; unit?: string }): JSX.Element {
    return (
        <div>
            <dt>{name}</dt>
            <dd>
                {value.toFixed(digits)}
                {unit}
            </dd>
        </div>
    );
}
