import type { JSX } from "preact";

/** What others call whoever plays here. */
export function NameField({
    value,
    onChange,
    inline = false,
}: {
    value: string;
    onChange: (name: string) => void;
    inline?: boolean;
}): JSX.Element {
    return (
        <label class={inline ? "field inline" : "field"}>
            Your name
            <input
                class="input"
                maxLength={24}
                placeholder="nobody in particular"
                value={value}
                onInput={event => onChange(event.currentTarget.value)}
            />
        </label>
    );
}
