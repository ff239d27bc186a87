using System.Diagnostics;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Signals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Signals;

/// <summary>The routes for streams of shared signals, and for polling them (src/AuthService/README.md#shared-signals; SSF 1.0, section 8).</summary>
internal static class SignalEndpoints
{
    public const string Prefix = "/ssf";
    public const string StreamPath = "/stream";
    public const string StatusPath = "/status";
    public const string VerifyPath = "/verify";
    public const string PollPath = "/poll";

    public static void Map(RouteGroupBuilder signals)
    {
        signals.MapPost(StreamPath, Create).WithName("createStream").WithExamples(SignalExamples.Create)
            .WithSummary("Creates a stream on which the calling service receives events");
        signals.MapGet(StreamPath, Get).WithName("getStreams").WithExamples(SignalExamples.Get)
            .WithSummary("Lists the service's streams, or returns the one that stream_id names").Produces<StreamResponse>();
        signals.MapPatch(StreamPath, Change).WithName("changeStream").WithExamples(SignalExamples.Change).WithSummary("Changes the named members of a stream");
        signals.MapPut(StreamPath, Replace).WithName("replaceStream").WithExamples(SignalExamples.Replace)
            .WithSummary("Replaces the members of a stream that the service sets");
        signals.MapDelete(StreamPath, Delete).WithName("deleteStream").WithExamples(SignalExamples.Delete)
            .WithSummary("Deletes a stream and the SETs that wait for its receiver");
        signals.MapGet(StatusPath, GetStatus).WithName("getStreamStatus").WithExamples(SignalExamples.GetStatus)
            .WithSummary("Shows the status of a stream");
        signals.MapPost(StatusPath, SetStatus).WithName("setStreamStatus").WithExamples(SignalExamples.SetStatus)
            .WithSummary("Enables, pauses or disables a stream");
        signals.MapPost(VerifyPath, Verify).WithName("verifyStream").WithExamples(SignalExamples.Verify)
            .WithSummary("Sends a verification event over a stream");
        signals.MapPost($"{PollPath}/{{streamId}}", Poll).WithName("pollStream").WithExamples(SignalExamples.Poll)
            .WithSummary("Acknowledges SETs and returns those that wait (RFC 8936)");
    }

    private static async Task<Results<Created<StreamResponse>, BadRequestError, ConflictError, UnavailableError>> Create(
        BoundInput<WantedStream, NewStreamReader> wanted, SignalStreamService streams, SignalResponses responses, Caller caller) =>
        await streams.CreateAsync(caller.Principal, wanted.Value.Change, caller.AuditActor) switch
        {
            StreamOutcome.Done(var stream) => TypedResults.Created($"{Prefix}{StreamPath}?stream_id={stream.Id}", responses.Create(stream, caller.Principal)),
            StreamOutcome.TooMany => SignalErrors.TooManyStreams,
            StreamOutcome.BadAddress(var words) => SignalErrors.BadAddress(words),
            StreamOutcome.AddressNotAllowed => SignalErrors.AddressNotAllowed,
            StreamOutcome.NotSealed => UnavailableError.EncryptionKeyMissing,
            _ => SignalErrors.NotSigned,
        };

    private static async Task<Results<Ok<StreamResponse[]>, JsonHttpResult<StreamResponse>, NotFoundError>> Get(
        BoundInput<Guid?, OptionalStreamIdReader> id, SignalStreamStore streams, SignalResponses responses, Caller caller)
    {
        if (id.Value is not { } one)
            return TypedResults.Ok((await streams.ListAsync(caller.Principal)).Select(stream => responses.Create(stream, caller.Principal)).ToArray());
        return await streams.FindAsync(caller.Principal, one) is { } found
            ? TypedResults.Json(responses.Create(found, caller.Principal))
            : SignalErrors.UnknownStream;
    }

    private static Task<Results<Ok<StreamResponse>, BadRequestError, NotFoundError, UnavailableError>> Change(
        BoundInput<WantedStream, StreamPatchReader> wanted, SignalStreamService streams, SignalResponses responses, Caller caller) =>
        ChangeAsync(wanted.Value, streams, responses, caller);

    private static Task<Results<Ok<StreamResponse>, BadRequestError, NotFoundError, UnavailableError>> Replace(
        BoundInput<WantedStream, WholeStreamReader> wanted, SignalStreamService streams, SignalResponses responses, Caller caller) =>
        ChangeAsync(wanted.Value, streams, responses, caller);

    private static async Task<Results<Ok<StreamResponse>, BadRequestError, NotFoundError, UnavailableError>> ChangeAsync(
        WantedStream wanted, SignalStreamService streams, SignalResponses responses, Caller caller)
    {
        var change = wanted.Change with { Matches = stream => responses.Agrees(wanted.Said, stream, caller.Principal) };
        return await streams.ChangeAsync(caller.Principal, wanted.Id, change, caller.AuditActor) switch
        {
            StreamOutcome.Done(var stream) => TypedResults.Ok(responses.Create(stream, caller.Principal)),
            StreamOutcome.Mismatch => SignalErrors.Mismatch,
            StreamOutcome.BadAddress(var words) => SignalErrors.BadAddress(words),
            StreamOutcome.AddressNotAllowed => SignalErrors.AddressNotAllowed,
            StreamOutcome.NotSealed => UnavailableError.EncryptionKeyMissing,
            _ => SignalErrors.UnknownStream,
        };
    }

    private static async Task<Results<NoContent, BadRequestError, NotFoundError>> Delete(
        BoundInput<Guid, StreamIdReader> id, SignalStreamService streams, Caller caller) =>
        await streams.DeleteAsync(caller.Principal, id.Value, caller.AuditActor) is StreamOutcome.Done ? TypedResults.NoContent() : SignalErrors.UnknownStream;

    private static async Task<Results<Ok<StatusBody>, BadRequestError, NotFoundError>> GetStatus(
        BoundInput<Guid, StreamIdReader> id, SignalStreamStore streams, Caller caller) =>
        await streams.FindAsync(caller.Principal, id.Value) is { } stream ? TypedResults.Ok(StatusBody.Of(stream)) : SignalErrors.UnknownStream;

    private static async Task<Results<Ok<StatusBody>, BadRequestError, NotFoundError>> SetStatus(
        BoundInput<WantedStatus, StatusReader> wanted, SignalStreamService streams, Caller caller) =>
        await streams.SetStatusAsync(caller.Principal, wanted.Value.Id, wanted.Value.Status, wanted.Value.Reason, caller.AuditActor)
            is StreamOutcome.Done(var stream) ? TypedResults.Ok(StatusBody.Of(stream)) : SignalErrors.UnknownStream;

    private static async Task<Results<NoContent, BadRequestError, NotFoundError, TooManyRequestsError>> Verify(
        BoundInput<WantedVerification, VerificationReader> wanted, SignalStreamService streams, Caller caller) =>
        await streams.VerifyAsync(caller.Principal, wanted.Value.Id, wanted.Value.State, caller.AuditActor) switch
        {
            StreamOutcome.Done => TypedResults.NoContent(),
            StreamOutcome.IsDisabled => SignalErrors.IsDisabled,
            StreamOutcome.TooSoon => SignalErrors.TooSoon,
            _ => SignalErrors.UnknownStream,
        };

    private static async Task<Results<Ok<PollResponse>, BadRequestError, NotFoundError, UnavailableError>> Poll(
        RouteValue<Guid, StreamRouteReader> streamId, BoundInput<PollRequest, PollReader> request, SignalPolling polling, Caller caller, HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        var outcome = await polling.PollAsync(caller.Principal, streamId.Value, request.Value, context.RequestAborted);
        await context.CheckCallerAgainAsync(began);
        return outcome switch
        {
            PollOutcome.Answered(var sets, var more) => TypedResults.Ok(new PollResponse(sets, more)),
            PollOutcome.NotSigned => SignalErrors.NotSigned,
            _ => SignalErrors.UnknownStream,
        };
    }
}
