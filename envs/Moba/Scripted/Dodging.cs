namespace SelfPlayArena.Moba;

/// <summary>Stepping out of the way of what flies or is about to happen.</summary>
internal static unsafe class Dodging
{
    private const float Margin = 0.7f;

    /// <summary>Steps aside if a shot that can still be dodged, or a zone, would hit the hero.</summary>
    public static bool StepAside(ref Mind m)
    {
        WorldState* s = m.S;
        float speed = s->MoveSpeed[m.Hero];
        for (int i = 0; i < m.V->Shots; i++)
        {
            int p = m.V->Shot[i];
            float px = m.Team == 0 ? s->ProjectileX[p] : -s->ProjectileY[p];
            float py = m.Team == 0 ? s->ProjectileY[p] : -s->ProjectileX[p];
            float dx = m.X - px;
            float dy = m.Y - py;
            if (dx * dx + dy * dy > 14f * 14f)
                continue;
            float f = 1f / s->ProjectileSpeed[p];
            float ux = (m.Team == 0 ? s->ProjectileVX[p] : -s->ProjectileVY[p]) * f;
            float uy = (m.Team == 0 ? s->ProjectileVY[p] : -s->ProjectileVX[p]) * f;
            float along = dx * ux + dy * uy;
            if (along < 0f || along > s->ProjectileRange[p] + 1f)
                continue;
            float across = dx * uy - dy * ux;
            float wide = s->ProjectileWidth[p] + Margin;
            float off = across < 0f ? -across : across;
            if (off > wide || (wide - off) > along * f * speed)
                continue;
            // To the side on which the hero stands already.
            float side = across < 0f ? -1f : 1f;
            if (Walking.Along(ref m, Directions.Nearest(uy * side, -ux * side), minding: true))
                return true;
        }
        for (int i = 0; i < m.V->Zones; i++)
        {
            int z = m.V->Zone[i];
            float zx = m.Team == 0 ? s->ZoneX[z] : -s->ZoneY[z];
            float zy = m.Team == 0 ? s->ZoneY[z] : -s->ZoneX[z];
            float dx = m.X - zx;
            float dy = m.Y - zy;
            float radius = s->ZoneRadius[z] + Margin;
            float square = dx * dx + dy * dy;
            if (square > radius * radius)
                continue;
            EffectDefinition e = m.World.Content.Effects[s->ZoneEffect[z]];
            if (!Hurts(ref m, e))
                continue;
            if (square < 0.01f)
                (dx, dy) = (-1f, -1f);
            if (Walking.Along(ref m, Directions.Nearest(dx, dy), minding: true))
                return true;
        }
        return false;
    }

    private static bool Hurts(ref Mind m, EffectDefinition zone)
    {
        for (int i = zone.FirstChild; i < zone.FirstChild + zone.Children; i++)
        {
            if (m.World.Content.Effects[i].To == Side.Enemies)
                return true;
        }
        return false;
    }
}
