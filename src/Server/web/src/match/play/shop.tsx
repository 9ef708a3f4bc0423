import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { title, whole } from "../../ui/format";
import { costOf, heroFacts, itemIndex, ownFacts } from "../hud/facts";
import { ItemIcon, statsText } from "../hud/icons";
import { usePulse } from "../hud/pulse";
import type { Session } from "../hud/session";
import { nextPurchase, recommended } from "./abilities";

/** The shop: what is recommended next, everything there is, what it costs with what one has. */
export function Shop({
    session,
    auto,
    onBuy,
    onAuto,
    onClose,
}: {
    session: Session;
    auto: boolean;
    onBuy: (item: number) => void;
    onAuto: (on: boolean) => void;
    onClose: () => void;
}): JSX.Element | null {
    usePulse(session);
    const [query, setQuery] = useState("");
    const [chosen, setChosen] = useState(-1);
    // Not the search: the keys of the game go on while one shops, and P closes what P opened.
    const panel = useRef<HTMLElement>(null);
    useEffect(() => panel.current?.focus({ preventScroll: true }), []);
    const match = session.match;
    const unit = session.stage?.own ?? -1;
    const own = match ? ownFacts(match, unit) : null;
    if (!match || !own) return null;
    const content = session.content;
    const f = heroFacts(match, content, unit);
    const owned = f.items.filter(item => item >= 0);
    const later = recommended(content, f.hero, owned);
    const now = nextPurchase(content, f.hero, owned, own.gold);
    const next = now >= 0 ? [now, ...later.filter(item => item !== now)] : later;
    const words = query.toLowerCase().trim();
    const found = content.items
        .map((item, index) => ({ item, index }))
        .filter(({ item }) => words === "" || `${title(item.name)} ${statsText(item)}`.toLowerCase().includes(words))
        .sort((a, b) => a.item.price - b.item.price);
    const shown = chosen >= 0 ? chosen : (next[0] ?? found[0]?.index ?? -1);
    const info = content.items[shown];
    const cost = info ? costOf(content, shown, owned) : 0;
    const entry = (index: number) => {
        const price = costOf(content, index, owned);
        return (
            <button
                key={index}
                type="button"
                class={`m-ware ${index === shown ? "on" : ""} ${price <= own.gold ? "" : "dear"}`}
                onClick={() => setChosen(index)}
                onDblClick={() => onBuy(index)}
                onContextMenu={event => {
                    event.preventDefault();
                    onBuy(index);
                }}
                data-item={content.items[index]?.name}
            >
                <ItemIcon content={content} item={index} size={34} />
                <span>{price}</span>
            </button>
        );
    };
    return (
        <section class="m-shop m-panel m-front" role="dialog" aria-label="Shop" ref={panel} tabIndex={-1}>
            <header>
                <h3>Shop</h3>
                <span class="m-money">{whole(own.gold)} gold</span>
                <label>
                    <input type="checkbox" checked={auto} onChange={event => onAuto(event.currentTarget.checked)} /> buys the recommended
                    itself
                </label>
                <button type="button" class="m-close" title="Close (P or Esc)" onClick={onClose}>
                    ✕<span class="visually-hidden">Close</span>
                </button>
            </header>
            {!own.shop && <p class="closed">You can buy at your fountain, or while you are dead. Recall with B.</p>}
            {next.length > 0 && (
                <>
                    <h4>Recommended for {title(f.name)}</h4>
                    <div class="m-wares">{next.slice(0, 6).map(entry)}</div>
                </>
            )}
            <div class="find">
                <h4>Everything</h4>
                <input
                    class="input"
                    type="search"
                    placeholder="name or stat"
                    aria-label="Search items"
                    value={query}
                    onInput={event => {
                        setQuery(event.currentTarget.value);
                        setChosen(-1);
                    }}
                    onKeyDown={event => {
                        if (event.key === "Escape") onClose();
                        if (event.key === "Enter" && found[0]) onBuy(words === "" ? shown : found[0].index);
                    }}
                />
            </div>
            <div class="m-wares all">{found.map(({ index }) => entry(index))}</div>
            {info && (
                <div class="detail">
                    <ItemIcon content={content} item={shown} size={44} />
                    <div>
                        <b>{title(info.name)}</b>
                        <p>{statsText(info)}</p>
                        {(info.from ?? []).length > 0 && (
                            <p class="muted">
                                made from{" "}
                                {(info.from ?? [])
                                    .map(part => title(content.items[itemIndex(content, part)]?.name ?? String(part)))
                                    .join(", ")}
                            </p>
                        )}
                    </div>
                    <button type="button" class="button primary" disabled={!own.shop || cost > own.gold} onClick={() => onBuy(shown)}>
                        Buy · {cost}
                    </button>
                </div>
            )}
        </section>
    );
}
