import "./lobby.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Content, Team } from "../api/types";
import { useLevels } from "./levels";
import { type NamedPlayer, useMembers } from "./members";
import { Link, go } from "../router";
import { Failure } from "../ui/failure";
import { duration, title } from "../ui/format";
import { HeroSign, findHero, useContent } from "../ui/hero";
import { Icon } from "../ui/icon";
import { Segments } from "../ui/segments";
import { BotChoice } from "./bots";
import { Gallery } from "./gallery";
import { NameField } from "./name";
import { OpenLobbies } from "./open";
import { People } from "./people";
import { keepName, keepSeat, ownName } from "./seats";
import { type Draft, type Plan, type SeatPlan, allBots, botValue, change, isComplete, request, seatsFor, sit, toOpen } from "./setup";

const remembered = "plan";
const drafts: [Draft, string][] = [
    ["none", "Chosen here"],
    ["pick", "Draft"],
    ["ban", "Draft with bans"],
];

/** The plan of last time where it still fits the content, or a duel against an easy bot. */
function firstPlan(content: Content): Plan {
    const bot = { difficulty: (content.difficulties[1] ?? content.difficulties[0])?.name ?? "easy" };
    const mode = content.modes[0]!;
    const rules = content.rules.find(r => r.name === "quick") ?? content.rules[0]!;
    try {
        const kept = JSON.parse(localStorage.getItem(remembered) ?? "null") as Plan | null;
        const known = content.modes.find(m => m.name === kept?.mode);
        if (kept && known && content.rules.some(r => r.name === kept.rules)) {
            const seats = kept.seats.map(seat => ({
                ...seat,
                hero: findHero(content, seat.hero) ? seat.hero : null,
                // A member of a league may be gone; a difficulty that is no more is replaced as well.
                bot:
                    "difficulty" in seat.bot && content.difficulties.some(d => d.name === (seat.bot as { difficulty: string }).difficulty)
                        ? seat.bot
                        : bot,
            }));
            return { ...kept, seats: seatsFor(known.heroes, bot, seats) };
        }
    } catch {
        // What was kept is of no use: the first plan serves.
    }
    const seats = seatsFor(mode.heroes, bot);
    return { mode: mode.name, rules: rules.name, draft: "none", seats: change(seats, 0, 0, { hero: content.heroes[0]?.name ?? null }) };
}

interface SeatRowProps {
    seat: SeatPlan;
    content: Content;
    members: NamedPlayer[];
    selected: boolean;
    chooseHeroes: boolean;
    onSelect: () => void;
    onSit: () => void;
    onChange: (what: Partial<SeatPlan>) => void;
}

function SeatRow({ seat, content, members, selected, chooseHeroes, onSelect, onSit, onChange }: SeatRowProps): JSX.Element {
    const hero = findHero(content, seat.hero);
    const side = seat.team === 0 ? "home" : "away";
    return (
        <li class={`seat ${side} ${selected ? "on" : ""}`}>
            {chooseHeroes && (
                <button
                    type="button"
                    class="seat-hero"
                    aria-pressed={selected}
                    onClick={onSelect}
                    title={hero ? `${title(hero.name)}: choose another` : "Choose a hero; else the server does"}
                >
                    <HeroSign hero={hero?.name ?? "any"} size={34} {...(hero ? { role: hero.role } : {})} />
                    <span>{hero ? title(hero.name) : "Any hero"}</span>
                </button>
            )}
            <span class="who">
                {seat.kind === "you" ? (
                    <b>You</b>
                ) : seat.kind === "open" ? (
                    <span class="muted">whoever joins</span>
                ) : (
                    <BotChoice
                        label={`Bot in ${side} seat ${seat.slot + 1}`}
                        value={seat.bot}
                        difficulties={content.difficulties}
                        members={members}
                        onChoose={bot => onChange({ bot })}
                    />
                )}
            </span>
            <span class="seat-actions">
                {seat.kind !== "you" && (
                    <>
                        <button
                            type="button"
                            class="icon-button"
                            title={seat.kind === "bot" ? "Keep this seat for a person" : "Let a bot play here"}
                            onClick={() => onChange({ kind: seat.kind === "bot" ? "open" : "bot" })}
                        >
                            <Icon name={seat.kind === "bot" ? "person" : "bot"} />
                            <span class="visually-hidden">
                                {seat.kind === "bot" ? "Keep this seat for a person" : "Let a bot play here"}
                            </span>
                        </button>
                        <button type="button" class="icon-button" title="Sit here yourself" onClick={onSit}>
                            <Icon name="swap" />
                            <span class="visually-hidden">Sit here yourself</span>
                        </button>
                    </>
                )}
            </span>
        </li>
    );
}

function Setup({ content: known }: { content: Content }): JSX.Element {
    const [plan, setPlan] = useState(() => firstPlan(known));
    const content = useLevels(known, plan);
    const [selected, setSelected] = useState<{ team: Team; slot: number } | null>(null);
    const [name, setName] = useState(ownName);
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>(null);
    const members = useMembers();
    useEffect(() => localStorage.setItem(remembered, JSON.stringify(plan)), [plan]);

    const you = plan.seats.find(seat => seat.kind === "you")!;
    const at = plan.seats.find(seat => seat.team === selected?.team && seat.slot === selected.slot) ?? you;
    const setSeats = (seats: SeatPlan[]) => setPlan({ ...plan, seats });
    const bots = plan.seats.filter(seat => seat.kind === "bot");
    const everyBot = bots.length > 0 && bots.every(seat => botValue(seat.bot) === botValue(bots[0]!.bot)) ? bots[0]!.bot : null;
    const complete = isComplete(plan);
    const start = async () => {
        setBusy(true);
        setError(null);
        try {
            keepName(name);
            const opened = await api.open(request(plan, name));
            keepSeat(opened);
            for (const seat of toOpen(plan)) await api.seat(opened.id, opened.token, seat);
            if (complete) await api.start(opened.id, opened.token);
            go({ page: "room", id: opened.id });
        } catch (reason) {
            setError(reason);
            setBusy(false);
        }
    };
    return (
        <div class="setup">
            <div class="column">
                <section class="card match-card">
                    <div class="body">
                        <div class="choices">
                            <div class="field">
                                Mode
                                <Segments
                                    label="Mode"
                                    value={plan.mode}
                                    choices={content.modes.map(mode => [mode.name, mode.name])}
                                    onChoose={mode => {
                                        const heroes = content.modes.find(m => m.name === mode)!.heroes;
                                        setPlan({ ...plan, mode, seats: seatsFor(heroes, everyBot ?? you.bot, plan.seats) });
                                    }}
                                />
                            </div>
                            <div class="field">
                                Rules
                                <Segments
                                    label="Rules"
                                    value={plan.rules}
                                    choices={content.rules.map(rules => [rules.name, `${title(rules.name)}, ${duration(rules.timeLimit)}`])}
                                    onChoose={rules => setPlan({ ...plan, rules })}
                                />
                            </div>
                            <div class="field">
                                Heroes
                                <Segments
                                    label="Heroes"
                                    value={plan.draft}
                                    choices={drafts}
                                    onChoose={draft => setPlan({ ...plan, draft })}
                                />
                            </div>
                        </div>
                        {([0, 1] as const).map(team => (
                            <div key={team} class="team">
                                <h3 class={team === 0 ? "home" : "away"}>{team === 0 ? "Home" : "Away"}</h3>
                                <ul>
                                    {plan.seats
                                        .filter(seat => seat.team === team)
                                        .map(seat => (
                                            <SeatRow
                                                key={seat.slot}
                                                seat={seat}
                                                content={content}
                                                members={members}
                                                selected={plan.draft === "none" && seat === at}
                                                chooseHeroes={plan.draft === "none"}
                                                onSelect={() => setSelected(seat)}
                                                onSit={() => setSeats(sit(plan.seats, seat.team, seat.slot))}
                                                onChange={what => setSeats(change(plan.seats, seat.team, seat.slot, what))}
                                            />
                                        ))}
                                </ul>
                            </div>
                        ))}
                        {bots.length > 1 && (
                            <label class="field inline">
                                All bots
                                <BotChoice
                                    label="All bots"
                                    value={everyBot}
                                    difficulties={content.difficulties}
                                    members={members}
                                    onChoose={bot => setSeats(allBots(plan.seats, bot))}
                                />
                            </label>
                        )}
                    </div>
                    <footer>
                        <NameField value={name} onChange={setName} />
                        <button type="button" class="button primary large" disabled={busy} onClick={start}>
                            {busy ? "Opening …" : complete ? "Start the match" : "Open the lobby"}
                        </button>
                    </footer>
                    {error !== null && (
                        <div class="body">
                            <Failure error={error} />
                        </div>
                    )}
                </section>
                <People />
            </div>
            <section class="card gallery-card">
                <header>
                    <h2>
                        {plan.draft !== "none"
                            ? "Heroes"
                            : at === you
                              ? "Your hero"
                              : `Hero of ${at.team === 0 ? "home" : "away"} seat ${at.slot + 1}`}
                    </h2>
                    {plan.draft === "none" ? (
                        at !== you && (
                            <button type="button" class="button small" onClick={() => setSelected(null)}>
                                Back to yours
                            </button>
                        )
                    ) : (
                        <span class="muted">picked in turns once the match starts</span>
                    )}
                </header>
                <div class="body">
                    <Gallery
                        key={plan.draft}
                        heroes={content.heroes}
                        chosen={plan.draft === "none" ? at.hero : null}
                        onChoose={hero => plan.draft === "none" && setSeats(change(plan.seats, at.team, at.slot, { hero }))}
                    />
                </div>
            </section>
        </div>
    );
}

/** Sets a match up: mode, rules, who sits where, heroes. */
export function PlayPage(): JSX.Element {
    const { content, error, retry } = useContent();
    return (
        <main class="page">
            <div class="page-head">
                <h1>Play</h1>
                <span class="muted">Against bots, the league, or other people</span>
                <div class="right">
                    <Link to={{ page: "watch" }} class="button quiet">
                        Watch instead
                    </Link>
                </div>
            </div>
            <OpenLobbies />
            {error !== null && <Failure error={error} retry={retry} />}
            {content === null && error === null && <div class="loading" aria-busy="true" />}
            {content && <Setup content={content} />}
        </main>
    );
}
