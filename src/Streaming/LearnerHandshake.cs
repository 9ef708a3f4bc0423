using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>
/// What is said before anything is carried, at the learner's end: a worker proves that it knows the secret, hears what is played, and shows that it would
/// play the same.
/// </summary>
internal sealed class LearnerHandshake(LearnerListener listener, FrameReader reader, FrameWriter writer)
{
    /// <summary>Returns the worker's session, and what it says of itself, when it may be let in.</summary>
    /// <exception cref="RefusedException">It may not.</exception>
    /// <exception cref="EndOfStreamException">It went away.</exception>
    public async Task<(string Session, Ready Ready)> AcceptAsync(CancellationToken cancellation)
    {
        IRunPort port = listener.Port;
        Hello hello = await NextAsync(FrameKind.Hello, Hello.Read, cancellation).ConfigureAwait(false);
        byte[] nonce = SharedSecret.Nonce();
        await writer.WriteAsync(FrameKind.Challenge, (ref MessagePack.MessagePackWriter w) => { w.WriteArrayHeader(1); w.Write(nonce); }, cancellation).ConfigureAwait(false);
        byte[] proof = await NextAsync(FrameKind.Proof, (ref MessagePack.MessagePackReader r) => { r.Fields(1); return r.Bytes(SharedSecret.ProofBytes); }, cancellation).ConfigureAwait(false);
        if (!listener.Secret.Proves(proof, "worker", hello.Session, hello.Nonce, nonce))
            throw new RefusedException(Refusal.WrongSecret, "the shared secrets differ");
        var accept = new Accept(
            listener.Secret.Prove("learner", hello.Session, hello.Nonce, nonce), listener.Id, port.Recipe, port.Spec.Hash, port.Spec.ContentHash,
            port.Plan.Description.ToJson(), port.Layout.Steps, port.MatchesPerHost, port.Seed, port.Options, listener.Window);
        await writer.WriteAsync(FrameKind.Accept, accept.Write, cancellation).ConfigureAwait(false);
        Ready ready = await NextAsync(FrameKind.Ready, Ready.Read, cancellation).ConfigureAwait(false);
        if (ready.SpecHash != port.Spec.Hash)
            throw new RefusedException(Refusal.OtherLayout, $"the worker's {port.Spec.Name} has the layout {ready.SpecHash:x16}, the learner's {port.Spec.Hash:x16}; both must be one version of the program");
        if (ready.ContentHash != port.Spec.ContentHash)
            throw new RefusedException(Refusal.OtherContent, $"the worker's {port.Spec.Name} has content {ready.ContentHash}, the learner's {port.Spec.ContentHash}; both must be one version of the program");
        return (hello.Session, ready);
    }

    private async ValueTask<T> NextAsync<T>(FrameKind kind, HeaderReader<T> read, CancellationToken cancellation)
    {
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            throw new EndOfStreamException("it went away before it had said who it is");
        // A worker that finds out by itself that it cannot play for this learner says why.
        if (kind == FrameKind.Ready && reader.Kind == FrameKind.Refuse)
        {
            throw reader.Header((ref MessagePack.MessagePackReader r) =>
            {
                r.Fields(2);
                int refusal = r.Number((int)Refusal.WrongSecret, (int)Refusal.OtherContent);
                return new RefusedException((Refusal)refusal, $"it says: {r.Text(1024)}");
            });
        }
        return reader.Kind == kind ? reader.Header(read) : throw new RefusedException(Refusal.BadFrame, $"a {reader.Kind} frame came where {kind} was expected");
    }
}
