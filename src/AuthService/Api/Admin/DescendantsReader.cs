using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.Admin;

/// <summary>Reads whether the sessions and tokens that were made from a session are revoked with it.</summary>
internal sealed class DescendantsReader : IInputReader<bool>
{
    private const string Name = "descendants";

    public static ApiError NoFlag => ApiError.BadRequest($"{Name} must be true or false");

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new ReadsParameter(Name, "Revokes what was made from it as well, also when it has ended itself; without a value it is true") { IsFlag = true });

    public static ValueTask<ReadResult<bool>> ReadAsync(HttpContext context) => ValueTask.FromResult(QueryFlag.Read(context.Request.Query, Name, NoFlag));
}
