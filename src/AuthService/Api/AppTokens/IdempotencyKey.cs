using System.Reflection;
using AuthService.Api.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.AppTokens;

/// <summary>The <c>Idempotency-Key</c> of a call. A handler that names it is run once for each key (<see cref="IdempotencyFilter"/>).</summary>
internal sealed class IdempotencyKey : IBoundInput, IBindableFromHttpContext<IdempotencyKey>, IEndpointParameterMetadataProvider
{
    public const string Header = "idempotency-key";
    private const int Longest = 255;

    public static ApiError BadKey => ApiError.Unprocessable(
        new InputFault(["header", Header], $"The key must have 1 to {Longest} visible characters", FaultTypes.WrongFormat));

    private IdempotencyKey(string? value, ApiError? fault) => (Value, Fault) = (value, fault);

    public ApiError? Fault { get; }

    /// <summary>Null when the call has none.</summary>
    public string? Value { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new ReadsParameter("Idempotency-Key", $"1 to {Longest} visible characters. The answer is kept for 12 hours and sent again to every repeat.") { InHeader = true });

    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<IdempotencyKey?>(context.Request.Headers[Header] switch
        {
            [] => new IdempotencyKey(value: null, fault: null),
            [{ Length: > 0 and <= Longest } key] when key.All(c => c is > ' ' and <= '~') => new IdempotencyKey(key, fault: null),
            _ => new IdempotencyKey(value: null, BadKey),
        });
}
