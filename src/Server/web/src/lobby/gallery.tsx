import "./gallery.css";
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { HeroInfo } from "../api/types";
import { title } from "../ui/format";
import { HeroSign } from "../ui/hero";
import { Segments } from "../ui/segments";
import { HeroDetails } from "./details";

interface GalleryProps {
    heroes: HeroInfo[];
    chosen: string | null;
    onChoose: (hero: string) => void;
    /** Heroes that cannot be taken, with the reason shown on them. */
    closed?: ReadonlyMap<string, string>;
    /** What a choice does; without it a click chooses at once. */
    confirm?: { label: string; disabled: boolean; onConfirm: (hero: string) => void };
}

/** All heroes by role, with what the one under the eye can do. Arrow keys go from hero to hero. */
export function Gallery({ heroes, chosen, onChoose, closed, confirm }: GalleryProps): JSX.Element {
    const grid = useRef<HTMLDivElement>(null);
    const [role, setRole] = useState("all");
    const [over, setOver] = useState<string | null>(null);
    const roles = useMemo(() => [...new Set(heroes.map(hero => hero.role))], [heroes]);
    const shown = useMemo(
        () => heroes.filter(hero => role === "all" || hero.role === role).sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role)),
        [heroes, role, roles],
    );
    const looked = heroes.find(hero => hero.name === (over ?? chosen)) ?? shown[0];
    const onKeyDown = (event: KeyboardEvent) => {
        const cards = [...grid.current!.querySelectorAll<HTMLElement>("button")];
        const at = cards.indexOf(document.activeElement as HTMLElement);
        if (at < 0) return;
        const top = cards[0]!.offsetTop;
        const columns = Math.max(1, cards.filter(card => card.offsetTop === top).length);
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        cards[Math.max(0, Math.min(cards.length - 1, at + step))]!.focus();
    };
    const first = shown.some(hero => hero.name === chosen) ? chosen : shown[0]?.name;
    return (
        <div class="gallery">
            <div class="choice">
                <Segments
                    label="Role"
                    value={role}
                    choices={[["all", "All"], ...roles.map((name): [string, string] => [name, title(name)])]}
                    onChoose={setRole}
                />
                <div class="hero-grid" ref={grid} onKeyDown={onKeyDown} onMouseLeave={() => setOver(null)}>
                    {shown.map(hero => {
                        const reason = closed?.get(hero.name);
                        return (
                            <button
                                key={hero.name}
                                type="button"
                                class="hero-card"
                                aria-pressed={hero.name === chosen}
                                aria-disabled={reason !== undefined}
                                tabIndex={hero.name === first ? 0 : -1}
                                onMouseEnter={() => setOver(hero.name)}
                                onFocus={() => setOver(hero.name)}
                                onClick={() => reason === undefined && onChoose(hero.name)}
                                onDblClick={() => reason === undefined && confirm && !confirm.disabled && confirm.onConfirm(hero.name)}
                            >
                                <HeroSign hero={hero.name} role={hero.role} size={42} />
                                <span>{title(hero.name)}</span>
                                {reason && <small>{reason}</small>}
                            </button>
                        );
                    })}
                </div>
                {confirm && (
                    <button
                        type="button"
                        class="button primary large"
                        disabled={confirm.disabled || chosen === null || closed?.has(chosen)}
                        onClick={() => chosen !== null && confirm.onConfirm(chosen)}
                    >
                        {confirm.label}
                        {chosen && !confirm.disabled ? ` ${title(chosen)}` : ""}
                    </button>
                )}
            </div>
            {looked && <HeroDetails hero={looked} />}
        </div>
    );
}
