import type { JSX } from "preact";

interface SegmentsProps<T extends string> {
    label: string;
    value: T;
    choices: [value: T, name: string][];
    onChoose: (value: T) => void;
    disabled?: boolean;
}

/** One of a few choices; the arrow keys move between them. */
export function Segments<T extends string>({ label, value, choices, onChoose, disabled = false }: SegmentsProps<T>): JSX.Element {
    const onKeyDown = (event: KeyboardEvent) => {
        const step =
            event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
        if (step === 0) return;
        event.preventDefault();
        const at = choices.findIndex(([choice]) => choice === value);
        const next = (at + step + choices.length) % choices.length;
        onChoose(choices[next]![0]);
        const buttons = (event.currentTarget as HTMLElement).querySelectorAll("button");
        buttons[next]?.focus();
    };
    return (
        <div class="segments" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
            {choices.map(([choice, name]) => (
                <button
                    key={choice}
                    type="button"
                    role="radio"
                    aria-checked={choice === value}
                    tabIndex={choice === value ? 0 : -1}
                    disabled={disabled}
                    onClick={() => onChoose(choice)}
                >
                    {name}
                </button>
            ))}
        </div>
    );
}
