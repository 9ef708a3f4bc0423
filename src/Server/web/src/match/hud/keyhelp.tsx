import type { JSX } from "preact";

/** Keys and what they do, over the picture. */
export function KeyHelp({
    title,
    keys,
    onClose,
}: {
    title: string;
    keys: readonly (readonly [keys: string, text: string])[];
    onClose: () => void;
}): JSX.Element {
    return (
        <section class="m-keys m-panel m-front" role="dialog" aria-label={title}>
            <header>
                <h3>{title}</h3>
                <button type="button" class="m-close" title="Close (Esc)" onClick={onClose}>
                    ✕<span class="visually-hidden">Close</span>
                </button>
            </header>
            <dl>
                {keys.map(([name, text]) => (
                    <div key={name}>
                        <dt>
                            {name.split(" ").map((key, at) => (
                                <kbd key={at}>{key}</kbd>
                            ))}
                        </dt>
                        <dd>{text}</dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}
