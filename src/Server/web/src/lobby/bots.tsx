import type { JSX } from "preact";
import type { DifficultyInfo } from "../api/types";
import { playerName } from "../league/players";
import { title } from "../ui/format";
import type { NamedPlayer } from "./members";
import { type Bot, botValue, parseBot } from "./setup";

interface BotChoiceProps {
    label: string;
    value: Bot | null;
    difficulties: DifficultyInfo[];
    members: NamedPlayer[];
    onChoose: (bot: Bot) => void;
}

function difficultyName({ name, reactionMs, player, elo }: DifficultyInfo): string {
    const who = elo == null ? "" : `: ${playerName(player)}, Elo ${elo.toFixed(0)}`;
    return `${title(name)}${who} (reacts ${reactionMs > 0 ? `in ${(reactionMs / 1000).toFixed(1)} s` : "at once"})`;
}

/** How strong a bot is: by difficulty, or a member of the league by name. */
export function BotChoice({ label, value, difficulties, members, onChoose }: BotChoiceProps): JSX.Element {
    return (
        <select
            class="select"
            aria-label={label}
            title={difficulties.find(d => value && "difficulty" in value && d.name === value.difficulty)?.text ?? ""}
            value={value ? botValue(value) : ""}
            onChange={event => event.currentTarget.value && onChoose(parseBot(event.currentTarget.value))}
        >
            {value === null && <option value="">mixed</option>}
            <optgroup label="Difficulty">
                {difficulties.map(difficulty => (
                    <option key={difficulty.name} value={`d:${difficulty.name}`} title={difficulty.text}>
                        {difficultyName(difficulty)}
                    </option>
                ))}
            </optgroup>
            {members.length > 0 && (
                <optgroup label="League members">
                    {members.map(member => (
                        <option key={member.player} value={`p:${member.player}`}>
                            {member.name} ({member.elo === null ? "not rated yet" : `Elo ${member.elo.toFixed(0)}`})
                        </option>
                    ))}
                </optgroup>
            )}
        </select>
    );
}
