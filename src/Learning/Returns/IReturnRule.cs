namespace SelfPlayArena.Learning;

/// <summary>One decision of one agent as one value head sees it.</summary>
/// <param name="Reward">Weighted reward of the head.</param>
/// <param name="Value">The behaviour critic's value V(s).</param>
/// <param name="Next">V(s'), 0 after the end of a match.</param>
/// <param name="Ratio">π(a|s) / μ(a|s): the present policy's probability of the joint action over that of the policy that chose it.</param>
internal readonly record struct StepInput(float Reward, float Value, float Next, float Ratio, float Gamma, float Lambda);

/// <summary>What a rule hands from a step to the step before it; zeros where nothing is known to follow.</summary>
/// <param name="Advantage">What the policy's return lies above the value.</param>
/// <param name="Target">What the value's target lies above the value.</param>
internal readonly record struct Carry(float Advantage, float Target);

/// <summary>What a rule makes of a step.</summary>
/// <param name="Advantage">For the policy.</param>
/// <param name="Target">What the critic is to learn.</param>
internal readonly record struct StepReturn(float Advantage, float Target);

/// <summary>
/// How advantages and value targets come from rewards and values: a recursion from a sequence's end to its start, the same for every agent
/// and value head.
/// </summary>
internal interface IReturnRule
{
    /// <summary>Whether <see cref="StepInput.Ratio"/> is used; if not, it is 1 and nothing is computed for it.</summary>
    bool NeedsRatios { get; }

    /// <summary>Goes one step back in time.</summary>
    StepReturn Step(in StepInput s, ref Carry carry);
}
