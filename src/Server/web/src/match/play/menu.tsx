import type { JSX } from "preact";
import { Link } from "../../router";
import { chooseTheme, currentTheme } from "../../ui/theme";
import type { Settings } from "./settings";

const switches: [name: keyof Settings, text: string, more: string][] = [
    ["quickCast", "Quick cast", "skills go off at the pointer at once; Shift does the opposite"],
    ["lockedCamera", "Camera stays with the hero", "Y"],
    ["edgePan", "Camera moves at the window's edge", ""],
    ["autoShop", "Recommended build buys itself", ""],
    ["autoLearn", "Skills are learnt by themselves", ""],
    ["sound", "Sound", ""],
];

/** What a person may set during a match. */
export function Menu({
    settings,
    onChange,
    onClose,
}: {
    settings: Settings;
    onChange: (settings: Settings) => void;
    onClose: () => void;
}): JSX.Element {
    return (
        <section class="m-menu m-panel m-front" role="dialog" aria-label="Settings">
            <header>
                <h3>Settings</h3>
                <button type="button" class="m-close" title="Close (Esc)" onClick={onClose}>
                    ✕<span class="visually-hidden">Close</span>
                </button>
            </header>
            {switches.map(([name, text, more]) => (
                <label key={name}>
                    <input
                        type="checkbox"
                        checked={settings[name] === true}
                        onChange={event => onChange({ ...settings, [name]: event.currentTarget.checked })}
                    />
                    <span>
                        {text}
                        {more && <small>{more}</small>}
                    </span>
                </label>
            ))}
            <label>
                <input
                    type="checkbox"
                    checked={currentTheme() === "light"}
                    onChange={event => chooseTheme(event.currentTarget.checked ? "light" : "dark")}
                />
                <span>Light panels</span>
            </label>
            <footer>
                <Link to={{ page: "play" }} class="button small">
                    Leave the match
                </Link>
                <small>A bot plays on for you; the Play page leads back.</small>
            </footer>
        </section>
    );
}
