using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.AppTokens;

/// <summary>The <c>Idempotency-Key</c> of a call. A handler that takes it runs once for each key (<see cref="IdempotencyFilter"/>).</summary>
/// <param name="Text">The key; null when the call has none.</param>
internal sealed record IdempotencyKey(string? Text);

internal sealed class IdempotencyKeyReader : IInputReader<IdempotencyKey>
{
    public const string Header = "idempotency-key";
    private const int Longest = 255;

    public static ApiError BadKey => ApiError.Unprocessable(
        new InputFault(["header", Header], $"The key must have 1 to {Longest} visible characters", FaultTypes.WrongFormat));

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new ReadsParameter("Idempotency-Key",
            $"1 to {Longest} visible characters. The answer is kept for 12 hours and sent again to every repeat.")
        { InHeader = true });

    public static ValueTask<ReadResult<IdempotencyKey>> ReadAsync(HttpContext context) =>
        ValueTask.FromResult<ReadResult<IdempotencyKey>>(context.Request.Headers[Header] switch
        {
            [] => new IdempotencyKey(Text: null),
            [{ Length: > 0 and <= Longest } key] when key.All(c => c is > ' ' and <= '~') => new IdempotencyKey(key),
            _ => BadKey,
        });
}
