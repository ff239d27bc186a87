using System.Text.Json.Serialization;
using AuthService.Api.Http.Browser;

namespace AuthService.Api.Passwords;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EmailRequest))]
[JsonSerializable(typeof(NewPasswordRequest))]
internal sealed partial class PasswordJson : JsonSerializerContext;
