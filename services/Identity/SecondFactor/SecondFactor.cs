namespace Vigil.Identity.SecondFactor;

/// <summary>
/// Something that a person has, beside the password: a program that shows codes (RFC 6238), and codes on paper for the day it is lost.
/// Identity:SecondFactor says whether every account needs it.
/// </summary>
public static class SecondFactor
{
    public static void Map(RouteGroupBuilder pages)
    {
        EnterCode.Map(pages);
        ShowSecurity.Map(pages);
        AddAuthenticator.Map(pages);
        RemoveAuthenticator.Map(pages);
        RenewRecoveryCodes.Map(pages);
    }
}
