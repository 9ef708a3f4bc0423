import "./hero.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Content, HeroInfo } from "../api/types";
import { title } from "./format";
import { sigil } from "./sigil";

/** Heroes, items, modes and so on, once they are known. */
export function useContent(): { content: Content | null; error: unknown; retry: () => void } {
    const [content, setContent] = useState<Content | null>(null);
    const [error, setError] = useState<unknown>(null);
    const [turn, setTurn] = useState(0);
    useEffect(() => {
        let gone = false;
        setError(null);
        api.content().then(
            value => !gone && setContent(value),
            reason => !gone && setError(reason),
        );
        return () => {
            gone = true;
        };
    }, [turn]);
    return { content, error, retry: () => setTurn(n => n + 1) };
}

export function findHero(content: Content | null, name: string | null | undefined): HeroInfo | undefined {
    return name ? content?.heroes.find(hero => hero.name === name) : undefined;
}

/** A hero's sign in the colour of its role. */
export function HeroSign({ hero, role, size = 40 }: { hero: string; role?: string; size?: number }): JSX.Element {
    return (
        <svg
            class="hero-sign"
            viewBox="0 0 40 40"
            width={size}
            height={size}
            style={{ color: `var(--role-${role ?? "none"}, var(--muted))` }}
            aria-hidden="true"
        >
            <path class="plate" d="M20 1.500 36 10.750v18.500L20 38.500 4 29.250v-18.500z" />
            <path class="mark" d={sigil(hero)} />
        </svg>
    );
}

/** A hero's small sign with its name as a tooltip. */
export function HeroBadge({ hero, size = 22 }: { hero: string; size?: number }): JSX.Element {
    const { content } = useContent();
    const role = findHero(content, hero)?.role;
    return (
        <span class="hero-badge" title={title(hero)}>
            <HeroSign hero={hero} size={size} {...(role ? { role } : {})} />
            <span class="visually-hidden">{title(hero)}</span>
        </span>
    );
}
